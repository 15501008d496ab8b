// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Pattern;

/// Amounts as Kubernetes writes them: `64Mi`, `1.5G`, `1e9`, `100m`.
public final class Quantity {
  private static final Pattern FORM =
      Pattern.compile(
          "([+-]?(?:[0-9]{1,30}(?:\\.[0-9]{0,30})?|\\.[0-9]{1,30}))"
              + "(?:([KMGTPE])i|([numkMGTPE])|[eE]([+-]?[0-9]{1,3}))?");
  private static final String BINARY = "KMGTPE";
  private static final String DECIMAL = "num kMGTPE";
  private static final int BITS = 10;
  private static final int DIGITS = 3;

  private Quantity() {}

  /// {@return the amount, rounded up to a whole number}
  ///
  /// @throws IllegalArgumentException when the text is none, or does not fit
  public static long parse(String text) {
    var parts = FORM.matcher(text);
    if (!parts.matches()) {
      throw wrong(text);
    }
    var number = new BigDecimal(parts.group(1));
    if (parts.group(2) != null) {
      int power = BINARY.indexOf(parts.group(2)) + 1;
      number = number.multiply(BigDecimal.valueOf(1L << (BITS * power)));
    } else if (parts.group(3) != null) {
      int power = DECIMAL.indexOf(parts.group(3)) - DECIMAL.indexOf(' ');
      number = number.scaleByPowerOfTen(DIGITS * power);
    } else if (parts.group(4) != null) {
      number = number.scaleByPowerOfTen(Integer.parseInt(parts.group(4)));
    }
    var whole = number.setScale(0, RoundingMode.CEILING);
    if (whole.abs().compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw wrong(text);
    }
    return whole.longValue();
  }

  private static IllegalArgumentException wrong(String text) {
    return new IllegalArgumentException("must be an amount such as 64Mi or 1G, is " + text);
  }
}
