// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.state;

import java.security.SecureRandom;
import java.util.HexFormat;

/// The form of pod and container ids: 64 lower-case hexadecimal digits.
final class Ids {
  static final int LENGTH = 64;

  private static final SecureRandom RANDOM = new SecureRandom();

  private Ids() {}

  static String random() {
    var bytes = new byte[LENGTH / 2];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  static String whole(String kind, String hex) {
    if (hex.length() != LENGTH || !isHex(hex)) {
      throw new Refusal.InvalidArgument(kind, hex, "must be 64 lower-case hexadecimal digits");
    }
    return hex;
  }

  /// {@return whether the text can be an id or the beginning of one}
  static boolean isPrefix(String text) {
    return !text.isEmpty() && text.length() <= LENGTH && isHex(text);
  }

  private static boolean isHex(String text) {
    return text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
  }
}
