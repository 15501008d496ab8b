// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;

/// Programs that tests call, to their end.
final class Command {
  private Command() {}

  /// {@return what a program wrote to both of its outputs; it has to end with 0}
  static String run(String... command) throws IOException, InterruptedException {
    return run(new ProcessBuilder(command), 0);
  }

  /// {@return what a program wrote to both of its outputs; it has to end with the status}
  static String run(ProcessBuilder program, int status) throws IOException, InterruptedException {
    Process process = program.redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor())
        .as("%s: %s", String.join(" ", program.command()), text)
        .isEqualTo(status);
    return text;
  }
}
