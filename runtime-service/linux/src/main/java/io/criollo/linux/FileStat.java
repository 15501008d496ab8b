// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Instant;

/// What statx(2) says of a file; its layout is the same on every architecture.
///
/// @param device the file system's device, `major << 32 | minor`
/// @param mode type and permission bits, as in `st_mode`
/// @param size bytes
/// @param rdev the device that a device node stands for, `major << 32 | minor`
/// @param blocks units of 512 bytes
/// @param mountId id in `/proc/self/mountinfo`, 0 on kernels before 5.8
/// @param mountRoot whether it is the root of a mount
public record FileStat(
    long device,
    long inode,
    int mode,
    int uid,
    int gid,
    long size,
    long rdev,
    int links,
    long blocks,
    long mountId,
    boolean mountRoot,
    Instant mtime) {
  public static final int S_IFMT = 0170000;
  public static final int S_IFSOCK = 0140000;
  public static final int S_IFLNK = 0120000;
  public static final int S_IFREG = 0100000;
  public static final int S_IFBLK = 0060000;
  public static final int S_IFDIR = 0040000;
  public static final int S_IFCHR = 0020000;
  public static final int S_IFIFO = 0010000;

  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int STATX_BASIC_STATS = 0x7ff;
  private static final int STATX_ATTR_MOUNT_ROOT = 0x2000;
  private static final int STATX_MNT_ID = 0x1000;

  public boolean isDirectory() {
    return (mode & S_IFMT) == S_IFDIR;
  }

  public boolean isRegularFile() {
    return (mode & S_IFMT) == S_IFREG;
  }

  public boolean isSymbolicLink() {
    return (mode & S_IFMT) == S_IFLNK;
  }

  /// {@return the permission bits with set-uid, set-gid and sticky}
  public int permissions() {
    return mode & 07777;
  }

  public int rdevMajor() {
    return (int) (rdev >>> 32);
  }

  public int rdevMinor() {
    return (int) rdev;
  }

  public boolean sameFile(FileStat other) {
    return device == other.device && inode == other.inode;
  }

  static FileStat of(int fd) throws LinuxException {
    return of(fd, "", AT_EMPTY_PATH);
  }

  static FileStat of(int dirFd, String path, int flags) throws LinuxException {
    try (var arena = Arena.ofConfined()) {
      var to = arena.allocate(256, 8);
      var name = KernelString.allocate(arena, path);
      var mask = STATX_BASIC_STATS | STATX_MNT_ID;
      var result = Syscall.STATX.call(dirFd, name.address(), flags, mask, to.address());
      if (result < 0) {
        throw Syscall.STATX.failed(
            result, "stat " + (path.isEmpty() ? "descriptor " + dirFd : path));
      }
      return of(to);
    }
  }

  private static FileStat of(MemorySegment s) {
    return new FileStat(
        device(s, 136),
        s.get(ValueLayout.JAVA_LONG, 32),
        s.get(ValueLayout.JAVA_SHORT, 28) & 0xFFFF,
        s.get(ValueLayout.JAVA_INT, 20),
        s.get(ValueLayout.JAVA_INT, 24),
        s.get(ValueLayout.JAVA_LONG, 40),
        device(s, 128),
        s.get(ValueLayout.JAVA_INT, 16),
        s.get(ValueLayout.JAVA_LONG, 48),
        s.get(ValueLayout.JAVA_LONG, 144),
        (s.get(ValueLayout.JAVA_LONG, 8) & STATX_ATTR_MOUNT_ROOT) != 0,
        Instant.ofEpochSecond(s.get(ValueLayout.JAVA_LONG, 112), s.get(ValueLayout.JAVA_INT, 120)));
  }

  private static long device(MemorySegment s, long offset) {
    var major = s.get(ValueLayout.JAVA_INT, offset);
    return (long) major << 32 | Integer.toUnsignedLong(s.get(ValueLayout.JAVA_INT, offset + 4));
  }
}
