// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/// A mount that is not in the tree yet: made, changed, then attached. Closing it unattached drops
/// it. One thread.
final class DetachedMount implements AutoCloseable {
  private static final int AT_RECURSIVE = 0x8000;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int OPEN_TREE_CLONE = 1;
  private static final int MOVE_MOUNT_F_EMPTY_PATH = 4;
  private static final long MOUNT_ATTR_RDONLY = 1;
  private static final long MOUNT_ATTR_IDMAP = 0x00100000;

  private final Fd fd;
  private final String what;

  DetachedMount(Fd fd, String what) {
    this.fd = fd;
    this.what = what;
  }

  /// Copies the mount at `source`, on request with all below.
  static DetachedMount clone(Path source, boolean recursive) throws LinuxException {
    try (var arena = Arena.ofConfined()) {
      var path = KernelString.allocate(arena, source.toString());
      var flags = OPEN_TREE_CLONE | OpenFlags.O_CLOEXEC | (recursive ? AT_RECURSIVE : 0);
      var result = Syscall.OPEN_TREE.call(Fd.AT_FDCWD, path.address(), flags);
      if (result < 0) {
        throw Syscall.OPEN_TREE.failed(result, "clone mount " + source);
      }
      return new DetachedMount(Fd.adopt((int) result), source.toString());
    }
  }

  /// Makes a mount of a pidfd (Linux 6.14).
  static DetachedMount of(PidFd process) throws LinuxException {
    var what = "process " + process.pid();
    var number = process.fd().acquire();
    try (var arena = Arena.ofConfined()) {
      var empty = KernelString.allocate(arena, "");
      var flags = OPEN_TREE_CLONE | OpenFlags.O_CLOEXEC | AT_EMPTY_PATH;
      var result = Syscall.OPEN_TREE.call(number, empty.address(), flags);
      if (result < 0) {
        throw Syscall.OPEN_TREE.failed(result, "clone mount " + what, "it needs Linux 6.14");
      }
      return new DetachedMount(Fd.adopt((int) result), what);
    } finally {
      process.fd().release();
    }
  }

  void readOnly(boolean recursive) throws LinuxException {
    change(MOUNT_ATTR_RDONLY, 0, recursive, "make mount of " + what + " read-only");
  }

  /// Shows ids as a user namespace maps them; once, before the mount is attached.
  void map(Fd userNs) throws LinuxException {
    change(MOUNT_ATTR_IDMAP, userNs.number(), false, "map ids of mount of " + what);
  }

  /// `struct mount_attr { u64 set; u64 clear; u64 propagation; u64 userns_fd; }`
  private void change(long set, int userNs, boolean recursive, String doing) throws LinuxException {
    try (var arena = Arena.ofConfined()) {
      var attributes = arena.allocate(32, 8);
      attributes.set(ValueLayout.JAVA_LONG, 0, set);
      attributes.set(ValueLayout.JAVA_LONG, 24, userNs);
      var empty = KernelString.allocate(arena, "").address();
      var flags = AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0);
      var result = Syscall.MOUNT_SETATTR.call(fd.number(), empty, flags, attributes.address(), 32);
      if (result < 0) {
        throw Syscall.MOUNT_SETATTR.failed(result, doing);
      }
    }
  }

  void attach(Path target) throws LinuxException {
    try (var arena = Arena.ofConfined()) {
      var empty = KernelString.allocate(arena, "").address();
      var path = KernelString.allocate(arena, target.toString());
      var result =
          Syscall.MOVE_MOUNT.call(
              fd.number(),
              empty,
              Fd.AT_FDCWD,
              path.address(),
              MOVE_MOUNT_F_EMPTY_PATH | 0x10 /* follow */);
      if (result < 0) {
        throw Syscall.MOVE_MOUNT.failed(result, "mount " + what + " on " + target);
      }
    }
  }

  @Override
  public void close() {
    fd.close();
  }
}
