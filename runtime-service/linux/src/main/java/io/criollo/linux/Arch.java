// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.util.Locale;

/// The processor architecture, where Linux numbers and layouts differ between the two that are
/// supported.
enum Arch {
  X86_64,
  AARCH64;

  static final Arch CURRENT = of(System.getProperty("os.arch", ""));

  static Arch of(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "amd64", "x86_64" -> X86_64;
      case "aarch64", "arm64" -> AARCH64;
      default ->
          throw new UnsupportedOperationException("no Linux tables for architecture " + name);
    };
  }

  static int pick(int x86, int arm) {
    return CURRENT == X86_64 ? x86 : arm;
  }
}
