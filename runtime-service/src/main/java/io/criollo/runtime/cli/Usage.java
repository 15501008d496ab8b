// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.cli;

import io.criollo.runtime.config.Option;

/// The text of `criollo --help`.
public final class Usage {
  private static final String HEAD =
      """
      Usage: criollo [OPTION...] [COMMAND]

      Criollo runs the pods of a Kubernetes node. Without a command it serves the Container
      Runtime Interface on a Unix socket until SIGTERM; containers run on when it ends.

      Commands:
      """;

  private static final String FILES =
      """

      Files:
        -c, --config FILE
              configuration (default: /etc/criollo/criollo.conf, if it exists)
        -d, --config-dir DIR
              its drop-ins, *.conf in lexical order (default: the name of FILE and .d)

      Options, each also in the configuration under the name in brackets, and in the environment.
      Flags override the environment, the environment overrides the files. Lists are separated by
      commas or given again.
      """;

  private static final String TAIL =
      """

      Exit code: 0, 1 after a failure, 2 for a wrong command line or configuration.

      Examples:
        criollo config > /etc/criollo/criollo.conf      a commented file to start from
        criollo --log-level debug                       serve, in the foreground
        crictl --runtime-endpoint unix:///run/criollo/criollo.sock ps
      """;

  private static final int WIDTH = 100;

  private Usage() {}

  public static String text() {
    var text = new StringBuilder(HEAD);
    for (var verb : Verb.values()) {
      if (!verb.word().isEmpty()) {
        text.append("  %-15s  %s%n".formatted(verb.word(), verb.help()));
      }
    }
    text.append(FILES);
    for (var option : Option.values()) {
      text.append(head(option));
      option.help().lines().forEach(line -> text.append("        ").append(line).append('\n'));
      text.append("        Environment: ").append(option.variable()).append('\n');
      option
          .defaultText()
          .ifPresent(value -> text.append("        Default: ").append(value).append('\n'));
    }
    return text.append(TAIL).toString();
  }

  private static String head(Option option) {
    var names = "  " + names(option);
    var key = "  [" + option.key() + "]\n";
    return names.length() + key.length() > WIDTH ? names + "\n      " + key : names + key;
  }

  private static String names(Option option) {
    var flag = (option.flag() + " " + option.placeholder()).stripTrailing();
    return switch (option) {
      case ROOT -> "-r, " + flag;
      case LOG_LEVEL -> "-l, " + flag;
      default -> "    " + flag;
    };
  }
}
