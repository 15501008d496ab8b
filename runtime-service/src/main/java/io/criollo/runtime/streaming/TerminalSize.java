// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

/// A terminal's size in characters.
public record TerminalSize(int width, int height) {
  private static final int LARGEST = 65_535;

  public TerminalSize {
    if (width < 0 || width > LARGEST || height < 0 || height > LARGEST) {
      throw new IllegalArgumentException("terminal size " + width + "x" + height);
    }
  }
}
