// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.config;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Pattern;

/// Sizes of memory as CRI-O's configuration has them: `500KiB`, `12 MiB`, `1.5g`. Every unit is a
/// power of 1024, with or without the i.
final class ByteSize {
  private static final Pattern FORM =
      Pattern.compile("([0-9]{1,15}(?:\\.[0-9]{1,6})?) ?(?:([kmgtp])(?:i?b)?|b)?");
  private static final String UNITS = "kmgtp";
  private static final int BITS = 10;

  private ByteSize() {}

  /// {@return bytes}
  ///
  /// @throws IllegalArgumentException when the text is no size
  static long parse(String text) {
    var parts = FORM.matcher(text.toLowerCase(Locale.ROOT));
    if (!parts.matches()) {
      throw wrong(text);
    }
    int unit = parts.group(2) == null ? 0 : UNITS.indexOf(parts.group(2)) + 1;
    var bytes = new BigDecimal(parts.group(1)).multiply(BigDecimal.valueOf(1L << (BITS * unit)));
    if (bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw wrong(text);
    }
    return bytes.longValue();
  }

  /// {@return the same as a text, in the largest unit of which it is a whole number}
  static String text(long bytes) {
    int unit = 0;
    long left = bytes;
    while (left > 0 && left % (1 << BITS) == 0 && unit < UNITS.length()) {
      left >>= BITS;
      unit++;
    }
    return unit == 0
        ? left + "B"
        : left + " " + UNITS.toUpperCase(Locale.ROOT).charAt(unit - 1) + "iB";
  }

  private static IllegalArgumentException wrong(String text) {
    return new IllegalArgumentException("must be a size such as 500KiB or 12MiB, is " + text);
  }
}
