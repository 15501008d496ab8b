// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/// statfs(2), and magic numbers of file systems.
public final class StatFs {
  public static final long NSFS_MAGIC = 0x6e736673;
  public static final long TMPFS_MAGIC = 0x01021994;
  public static final long OVERLAYFS_MAGIC = 0x794c7630;
  public static final long CGROUP2_MAGIC = 0x63677270;
  public static final long XFS_MAGIC = 0x58465342;

  /// ext2 and ext3 have it too.
  public static final long EXT4_MAGIC = 0xef53;

  private StatFs() {}

  /// {@return the usage of the file system that holds `path`}
  public static FsUsage of(Path path) throws LinuxException {
    try (var file = Fd.open(path, OpenFlags.O_PATH, 0);
        var arena = Arena.ofConfined()) {
      // struct statfs of 64-bit Linux: nine words and more, the same on both architectures
      var to = arena.allocate(256, 8);
      var _ = file.run(Syscall.FSTATFS, "statfs " + path + ",", to.address(), 0, 0);
      var block = to.get(ValueLayout.JAVA_LONG, 72);
      return new FsUsage(
          to.get(ValueLayout.JAVA_LONG, 0),
          to.get(ValueLayout.JAVA_LONG, 16) * block,
          to.get(ValueLayout.JAVA_LONG, 24) * block,
          to.get(ValueLayout.JAVA_LONG, 32) * block,
          to.get(ValueLayout.JAVA_LONG, 40),
          to.get(ValueLayout.JAVA_LONG, 48));
    }
  }
}
