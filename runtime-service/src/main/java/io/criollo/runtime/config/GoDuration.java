// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.config;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Times as Go programs write them and CRI-O's configuration has them: `4h`, `1h30m`, `90s`.
public final class GoDuration {
  private static final Pattern FORM =
      Pattern.compile("(?:([0-9]{1,6})h)?(?:([0-9]{1,6})m)?(?:([0-9]{1,6})s)?");

  private GoDuration() {}

  /// {@return the time, empty when the text is none}
  public static Optional<Duration> parse(String text) {
    var parts = FORM.matcher(text);
    if (text.isEmpty() || !parts.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        Duration.ofHours(number(parts.group(1)))
            .plusMinutes(number(parts.group(2)))
            .plusSeconds(number(parts.group(3))));
  }

  private static long number(@Nullable String digits) {
    return digits == null ? 0 : Long.parseLong(digits);
  }
}
