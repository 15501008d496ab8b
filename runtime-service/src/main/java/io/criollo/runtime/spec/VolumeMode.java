// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// What becomes of the VOLUME paths of images (crio.conf(5), `image_volumes`).
public enum VolumeMode {
  /// A directory in the container's own tree, made if missing.
  MKDIR,
  /// An empty directory beside the container's tree, mounted there.
  BIND,
  /// Nothing.
  IGNORE;

  /// {@return the mode with this name}
  ///
  /// @throws IllegalArgumentException when there is none
  public static VolumeMode parse(String text) {
    return Arrays.stream(values())
        .filter(mode -> mode.word().equals(text))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("must be " + words() + ", is " + text));
  }

  private static String words() {
    return Arrays.stream(values()).map(VolumeMode::word).collect(Collectors.joining(" or "));
  }

  private String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
