// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.log;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/// RFC 3339 in UTC with nine digits of a second, always [#LENGTH] bytes; the part down to the
/// second is made once a second. Not thread-safe.
final class LogTime {
  static final int LENGTH = 30;
  private static final int FRACTION = 20;
  private final byte[] text = new byte[LENGTH];
  private long second = Long.MIN_VALUE;

  /// {@return the text of `now`, valid until the next call}
  byte[] text(Instant now) {
    if (now.getEpochSecond() != second) {
      second = now.getEpochSecond();
      LocalDateTime time = LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC);
      number(Math.clamp(time.getYear(), 0, 9999), 0, 4, '-');
      number(time.getMonthValue(), 5, 2, '-');
      number(time.getDayOfMonth(), 8, 2, 'T');
      number(time.getHour(), 11, 2, ':');
      number(time.getMinute(), 14, 2, ':');
      number(time.getSecond(), 17, 2, '.');
    }
    number(now.getNano(), FRACTION, 9, 'Z');
    return text;
  }

  private void number(int value, int at, int digits, char after) {
    int rest = value;
    for (int i = at + digits - 1; i >= at; i--) {
      text[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    text[at + digits] = (byte) after;
  }

  /// {@return whether `bytes` begin with such a text}
  static boolean looksLike(byte[] bytes) {
    if (bytes.length < LENGTH) {
      return false;
    }
    String pattern = "0000-00-00T00:00:00.000000000Z";
    String seen = new String(bytes, 0, LENGTH, US_ASCII).replaceAll("[0-9]", "0");
    return seen.equals(pattern);
  }
}
