// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.config;

import java.util.Arrays;
import java.util.Comparator;

/// The option that somebody may have meant.
final class Suggestion {
  private static final int MAX_EDITS = 3;

  private Suggestion() {}

  /// {@return ` (did you mean …?)`, or an empty text}
  static String forKey(String key) {
    return Arrays.stream(Option.values())
        .map(Option::key)
        .filter(known -> edits(Option.shortName(key), Option.shortName(known)) <= MAX_EDITS)
        .min(Comparator.comparingInt(known -> edits(key, known)))
        .map(known -> " (did you mean " + known + "?)")
        .orElse("");
  }

  /// Levenshtein's distance, one row at a time.
  private static int edits(String from, String to) {
    var row = new int[to.length() + 1];
    Arrays.setAll(row, i -> i);
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
