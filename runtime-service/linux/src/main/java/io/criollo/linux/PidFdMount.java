// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.lang.foreign.Arena;
import java.nio.file.Path;

/// A pidfd kept by a mount (Linux 6.14): the file system, not a process, holds it, so that whoever
/// opens the path later has the same process, and with Linux 6.15 still learns by [PidFd#exitInfo]
/// how it ended, no matter who reaped it. The mount belongs to the mount namespace of the caller.
public final class PidFdMount {
  private static final int OPEN_TREE_CLONE = 1;
  private static final int OPEN_TREE_CLOEXEC = OpenFlags.O_CLOEXEC;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int MOVE_MOUNT_F_EMPTY_PATH = 4;
  private static final int MNT_DETACH = 2;

  private PidFdMount() {}

  /// Mounts `process` on `target`, an existing file.
  ///
  /// @throws LinuxException EINVAL on a kernel that cannot
  public static void pin(PidFd process, Path target) throws LinuxException {
    int number = process.fd().acquire();
    try (var arena = Arena.ofConfined()) {
      long empty = KernelString.allocate(arena, "").address();
      long flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH;
      long tree = Syscall.OPEN_TREE.call(number, empty, flags);
      if (tree < 0) {
        throw Syscall.OPEN_TREE.failed(
            tree, "make a mount of process " + process.pid(), "it needs Linux 6.14");
      }
      try (Fd mount = Fd.adopt((int) tree)) {
        move(mount, target, empty, arena);
      }
    } finally {
      process.fd().release();
    }
  }

  private static void move(Fd mount, Path target, long empty, Arena arena) throws LinuxException {
    long to = KernelString.allocate(arena, target.toString()).address();
    long result =
        Syscall.MOVE_MOUNT.call(mount.acquire(), empty, Fd.AT_FDCWD, to, MOVE_MOUNT_F_EMPTY_PATH);
    mount.release();
    if (result < 0) {
      throw Syscall.MOVE_MOUNT.failed(result, "mount a process on " + target);
    }
  }

  /// Opens the process that is mounted on `target`.
  ///
  /// @throws LinuxException ENOTTY or EINVAL on use when something else is there
  public static PidFd open(Path target, long pid) throws LinuxException {
    return PidFd.of(Fd.open(target, OpenFlags.O_RDONLY | OpenFlags.O_NOCTTY, 0), pid);
  }

  /// Unmounts it; nothing happens when nothing is mounted there.
  public static void unpin(Path target) throws LinuxException {
    try (var arena = Arena.ofConfined()) {
      long path = KernelString.allocate(arena, target.toString()).address();
      long result = Syscall.UMOUNT2.call(path, MNT_DETACH);
      if (result < 0 && result != -Errno.EINVAL && result != -Errno.ENOENT) {
        throw Syscall.UMOUNT2.failed(result, "unmount " + target);
      }
    }
  }
}
