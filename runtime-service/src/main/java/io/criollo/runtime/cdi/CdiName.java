// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.cdi;

import java.util.Optional;
import java.util.regex.Pattern;

/// The full name of a device, `VENDOR/CLASS=DEVICE`.
///
/// @param kind vendor and class
public record CdiName(String kind, String device) {
  private static final String WORD = "[A-Za-z](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?";
  private static final Pattern KIND = Pattern.compile(WORD + "/" + WORD);
  private static final Pattern DEVICE =
      Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9_.:-]*[A-Za-z0-9])?");
  private static final int LONGEST = 512;

  /// {@return the name, empty when the text is none}
  public static Optional<CdiName> parse(String text) {
    int equals = text.indexOf('=');
    if (equals < 0 || text.length() > LONGEST) {
      return Optional.empty();
    }
    var name = new CdiName(text.substring(0, equals), text.substring(equals + 1));
    return isKind(name.kind) && isDevice(name.device) ? Optional.of(name) : Optional.empty();
  }

  static boolean isKind(String text) {
    return KIND.matcher(text).matches();
  }

  static boolean isDevice(String text) {
    return DEVICE.matcher(text).matches();
  }

  @Override
  public String toString() {
    return kind + "=" + device;
  }
}
