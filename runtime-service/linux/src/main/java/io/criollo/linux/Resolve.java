// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

/// How openat2(2) walks a path (`linux/openat2.h`).
public final class Resolve {
  /// No other mount is entered: EXDEV.
  public static final long NO_XDEV = 0x01;

  /// No magic link such as `/proc/self/exe` is followed: ELOOP.
  public static final long NO_MAGICLINKS = 0x02;

  /// No symbolic link at all is followed: ELOOP.
  public static final long NO_SYMLINKS = 0x04;

  /// A path that leaves the directory is refused: EXDEV.
  public static final long BENEATH = 0x08;

  /// The directory is taken for `/`: absolute paths and links stay inside.
  public static final long IN_ROOT = 0x10;

  private Resolve() {}
}
