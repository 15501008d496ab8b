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
    check(line, first(container, image));
    return line;
  }

  /// {@return where the program's name comes from}
  private static String first(ContainerConfig container, ImageConfig image) {
    if (container.getCommandCount() > 0) {
      return "config.command[0]";
    }
    if (!image.entrypoint().isEmpty()) {
      return "the first word of the image's entrypoint";
    }
    return container.getArgsCount() > 0
        ? "config.args[0]"
        : "the first word of the image's command";
  }

  private static void check(List<String> line, String first) {
    if (line.isEmpty()) {
      throw new Refusal.InvalidArgument(
          "no command: config.command and config.args are empty and the image has neither"
              + " entrypoint nor command");
    }
    Check.that(!line.getFirst().isEmpty(), first, "", "must not be empty");
    line.forEach(word -> ExecLimits.word("config.command and config.args", word));
  }
}
