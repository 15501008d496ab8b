// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.runtime.state.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// What execve(2) takes: words without NUL of at most 128 KiB, 2 MiB in all.
public final class ExecLimits {
  private static final int WORD = 128 * 1024;
  private static final long ALL = 2L * 1024 * 1024;
  private static final int POINTER = Long.BYTES;

  private ExecLimits() {}

  /// A command of a request; what it inherits is not counted.
  public static void command(String field, List<String> command) {
    if (command.isEmpty() || command.getFirst().isEmpty()) {
      throw new Refusal.InvalidArgument(field + " must not be empty");
    }
    command.forEach(word -> word(field, word));
    all(field, sum(command));
  }

  /// Words may be secret: a refusal does not show them.
  static void word(String field, String word) {
    if (word.indexOf('\0') >= 0) {
      throw new Refusal.InvalidArgument(field + ": must not contain NUL");
    }
    if (size(word) > WORD) {
      throw new Refusal.InvalidArgument(field + ": must be at most 128 KiB a word");
    }
  }

  static void together(List<String> args, List<String> env) {
    all("config.args and config.envs", sum(args) + sum(env));
  }

  private static void all(String fields, long bytes) {
    Check.that(bytes <= ALL, fields, bytes + " bytes", "must be at most 2 MiB in all");
  }

  private static long sum(List<String> words) {
    return words.stream().mapToLong(word -> size(word) + POINTER).sum();
  }

  private static int size(String word) {
    return word.getBytes(StandardCharsets.UTF_8).length + 1;
  }
}
