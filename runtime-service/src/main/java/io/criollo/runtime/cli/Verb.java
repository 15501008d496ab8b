// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.cli;

import java.util.Arrays;
import java.util.Optional;

/// What `criollo` can do. Without a word it serves.
public enum Verb {
  SERVE("", ""),
  CONFIG("config", "print the configuration, commented; with --default, the built-in one"),
  STATUS("status", "ask the running daemon how it is"),
  CHECK(
      "check",
      "check that images are still what was pulled; --quick: without reading\n"
          + "                   content, --repair: take out what is broken"),
  UPGRADE_MONITOR(
      "upgrade-monitor",
      "replace the running monitor by this program's; containers and logs go on"),
  VERSION("version", "print the version"),
  HELP("help", "print this");

  private final String word;
  private final String help;

  Verb(String word, String help) {
    this.word = word;
    this.help = help;
  }

  static Optional<Verb> of(String word) {
    return Arrays.stream(values())
        .filter(verb -> !verb.word.isEmpty() && verb.word.equals(word))
        .findFirst();
  }

  String word() {
    return word;
  }

  String help() {
    return help;
  }
}
