// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.lang.foreign.Arena;
import java.nio.file.Path;

/// What the running kernel can do; asked once and cheap.
///
/// @param release as `uname -r`
public record KernelFeatures(String release) {
  /// {@return the running kernel's}
  public static KernelFeatures running() {
    return new KernelFeatures(System.getProperty("os.version", "0.0"));
  }

  /// {@return whether the release is at least this}
  public boolean atLeast(int major, int minor) {
    var parts = release.split("[^0-9]", 3);
    var found = number(parts, 0);
    return found > major || (found == major && number(parts, 1) >= minor);
  }

  private static int number(String[] parts, int index) {
    return index < parts.length && parts[index].matches("\\d{1,6}")
        ? Integer.parseInt(parts[index])
        : 0;
  }

  /// Mounts with mapped ids exist (Linux 5.12); whether a file system supports them is its own
  /// affair.
  public boolean idmappedMounts() {
    return mountSetattr();
  }

  /// A mount and all below it can be made read-only at once (Linux 5.12).
  public boolean recursiveReadOnly() {
    return mountSetattr();
  }

  /// mount_setattr(2) that changes nothing succeeds where it exists.
  private static boolean mountSetattr() {
    try (var arena = Arena.ofConfined()) {
      var nothing = arena.allocate(32, 8);
      var path = KernelString.allocate(arena, new byte[] {'/'});
      return Syscall.MOUNT_SETATTR.call(Fd.AT_FDCWD, path.address(), 0, nothing.address(), 32)
          != -Errno.ENOSYS;
    }
  }

  /// overlayfs can be mounted in a user namespace (Linux 5.11).
  public boolean overlayInUserNs() {
    return atLeast(5, 11);
  }

  /// Layers of an overlay may be mounts with mapped ids (Linux 5.19).
  public boolean overlayOnIdmapped() {
    return atLeast(5, 19);
  }

  /// More layers than a page of options names (Linux 6.5).
  public boolean overlayManyLayers() {
    return atLeast(6, 5);
  }

  /// [PidFd#exitInfo] (Linux 6.15).
  public boolean pidfdExitInfo() {
    return atLeast(6, 15);
  }

  /// cgroup v2 is what is mounted at `/sys/fs/cgroup`.
  public boolean cgroupV2() {
    try {
      return StatFs.of(Path.of("/sys/fs/cgroup")).type() == StatFs.CGROUP2_MAGIC;
    } catch (LinuxException e) {
      return false;
    }
  }
}
