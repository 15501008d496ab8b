// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

/// Flags of open(2). Those that differ between architectures are chosen when the class is loaded.
public final class OpenFlags {
  public static final int O_RDONLY = 0;
  public static final int O_WRONLY = 1;
  public static final int O_RDWR = 2;
  public static final int O_CREAT = 0100;
  public static final int O_EXCL = 0200;
  public static final int O_NOCTTY = 0400;
  public static final int O_TRUNC = 01000;
  public static final int O_APPEND = 02000;
  public static final int O_NONBLOCK = 04000;
  public static final int O_CLOEXEC = 02000000;
  public static final int O_PATH = 010000000;
  public static final int O_DIRECTORY = Arch.pick(0200000, 040000);
  public static final int O_NOFOLLOW = Arch.pick(0400000, 0100000);
  public static final int O_DIRECT = Arch.pick(040000, 0200000);
  public static final int O_TMPFILE = 020000000 | O_DIRECTORY;

  private OpenFlags() {}
}
