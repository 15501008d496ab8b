// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.runtime.state.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// What execve(2) takes: words without NUL of at most 128 KiB, 2 MiB in all.
final class ExecLimits {
  private static final int WORD = 128 * 1024;
  private static final long ALL = 2L * 1024 * 1024;
  private static final int POINTER = Long.BYTES;

  private ExecLimits() {}

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
    long sum = sum(args) + sum(env);
    Check.that(
        sum <= ALL, "config.args and config.envs", sum + " bytes", "must be at most 2 MiB in all");
  }

  private static long sum(List<String> words) {
    return words.stream().mapToLong(word -> size(word) + POINTER).sum();
  }

  private static int size(String word) {
    return word.getBytes(StandardCharsets.UTF_8).length + 1;
  }
}
