// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.nio.file.Path;

/// A pidfd kept by a mount (Linux 6.14): the file system, not a process, holds it, so that whoever
/// opens the path later has the same process, and with Linux 6.15 still learns by [PidFd#exitInfo]
/// how it ended, no matter who reaped it. The mount belongs to the mount namespace of the caller.
public final class PidFdMount {
  private static final int OPEN = OpenFlags.O_RDONLY | OpenFlags.O_NOFOLLOW | OpenFlags.O_NONBLOCK;

  private PidFdMount() {}

  /// Mounts `process` on `target`, an existing file.
  ///
  /// @throws LinuxException EINVAL on a kernel that cannot
  public static void pin(PidFd process, Path target) throws LinuxException {
    try (var mount = DetachedMount.of(process)) {
      mount.attach(target);
    }
  }

  /// Opens the process that is mounted on `target`.
  ///
  /// @throws LinuxException ENOTTY or EINVAL on use when something else is there
  public static PidFd open(Path target, long pid) throws LinuxException {
    return PidFd.of(Fd.open(target, OPEN | OpenFlags.O_NOCTTY, 0), pid);
  }

  /// Unmounts it; nothing happens when nothing is mounted there.
  public static void unpin(Path target) throws LinuxException {
    var _ = Mounts.unmountIfMounted(target);
  }
}
