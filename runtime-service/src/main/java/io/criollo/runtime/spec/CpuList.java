// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.runtime.state.Refusal;
import java.util.BitSet;
import java.util.regex.Pattern;

/// Numbers of CPUs or memory nodes, written as the kernel does: `0-2,7` (cpuset(7), list format).
public record CpuList(String text) {
  private static final Pattern RANGE = Pattern.compile("(\\d{1,4})(?:-(\\d{1,4}))?");
  private static final int LONGEST = 4096;

  /// Fails for a text that is not a list; empty is one.
  public static CpuList parse(String field, String text) {
    numbers(field, text);
    return new CpuList(text);
  }

  BitSet numbers() {
    return numbers("list", text);
  }

  /// {@return the least of them}
  String first() {
    return Integer.toString(numbers().nextSetBit(0));
  }

  boolean contains(CpuList other) {
    var rest = other.numbers();
    rest.andNot(numbers());
    return rest.isEmpty();
  }

  private static BitSet numbers(String field, String text) {
    var numbers = new BitSet();
    if (text.isEmpty()) {
      return numbers;
    }
    Check.that(text.length() <= LONGEST, field, text, "must be at most " + LONGEST + " long");
    for (var range : text.split(",", -1)) {
      var match = RANGE.matcher(range);
      if (!match.matches()) {
        throw notAList(field, text);
      }
      int from = Integer.parseInt(match.group(1));
      int to = match.group(2) == null ? from : Integer.parseInt(match.group(2));
      if (from > to) {
        throw notAList(field, text);
      }
      numbers.set(from, to + 1);
    }
    return numbers;
  }

  private static Refusal notAList(String field, String text) {
    return new Refusal.InvalidArgument(field, text, "must be a list such as 0-2,7");
  }
}
