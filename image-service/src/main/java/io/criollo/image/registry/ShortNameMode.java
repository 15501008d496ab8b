// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What is done with a short name that several registries may have: refused, or looked for in one
/// after the other. `permissive` would ask a person first; there is none.
public enum ShortNameMode {
  ENFORCING,
  PERMISSIVE,
  DISABLED;

  /// {@return the mode of this name in a configuration}
  public static Optional<ShortNameMode> of(String text) {
    return Arrays.stream(values()).filter(mode -> mode.text().equals(text)).findFirst();
  }

  private String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
