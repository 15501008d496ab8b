// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.cri.v1.ContainerConfig;
import io.criollo.image.manifest.ImageConfig;
import io.criollo.runtime.state.Refusal;
import java.util.List;
import java.util.stream.Stream;

/// The command line: `command` replaces the image's entrypoint and command, `args` alone only the
/// image's command.
final class ArgsPart {
  private ArgsPart() {}

  static List<String> of(ContainerConfig container, ImageConfig image) {
    List<String> command = container.getCommandList();
    List<String> args = container.getArgsList();
    if (command.isEmpty()) {
      args = args.isEmpty() ? image.cmd() : args;
      command = image.entrypoint();
    }
    var line = Stream.concat(command.stream(), args.stream()).toList();
    check(line);
    return line;
  }

  private static void check(List<String> line) {
    if (line.isEmpty()) {
      throw new Refusal.InvalidArgument(
          "no command: config.command and config.args are empty and the image has neither"
              + " entrypoint nor command");
    }
    Check.that(!line.getFirst().isEmpty(), "config.command[0]", "", "must not be empty");
    line.forEach(word -> ExecLimits.word("config.command and config.args", word));
  }
}
