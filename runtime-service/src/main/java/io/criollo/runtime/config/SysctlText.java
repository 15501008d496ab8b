// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.config;

import java.util.Map;

/// A kernel parameter as CRI-O's configuration has it: `NAME=VALUE`, with any blanks around both.
public final class SysctlText {
  private SysctlText() {}

  /// {@return name and value}
  ///
  /// @throws IllegalArgumentException when the text is none
  public static Map.Entry<String, String> parse(String text) {
    int equals = text.indexOf('=');
    var name = equals < 0 ? "" : text.substring(0, equals).strip();
    if (name.isEmpty() || name.chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
      throw new IllegalArgumentException("must be NAME=VALUE, has " + text);
    }
    return Map.entry(name, text.substring(equals + 1).strip());
  }
}
