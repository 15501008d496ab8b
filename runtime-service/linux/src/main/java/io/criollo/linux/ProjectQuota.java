// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Project quotas of the file system that a directory is on: the kernel counts, and may limit, what
/// all files with the same project id take (quotactl_fd(2), Linux 5.14; FS_IOC_FSSETXATTR(2const)).
/// XFS has them when it is mounted with `prjquota`; ext4 too, if it has the features `project` and
/// `quota` (ext4(5)), and takes the same commands. What is over a limit fails with ENOSPC on XFS,
/// with EDQUOT on ext4, there not for who has CAP_SYS_RESOURCE; overlayfs writes without that. Ids
/// are unsigned 32-bit numbers. Any thread.
public final class ProjectQuota {
  private static final long FS_IOC_FSGETXATTR = 0x801c581fL;
  private static final long FS_IOC_FSSETXATTR = 0x401c5820L;
  private static final int FS_XFLAG_PROJINHERIT = 0x200;
  private static final int FSXATTR_SIZE = 28;
  private static final int PROJECT_AT = 12;

  private static final int PRJQUOTA = 2;
  private static final int Q_XGETQUOTA = 0x5803 << 8 | PRJQUOTA;
  private static final int Q_XSETQLIM = 0x5804 << 8 | PRJQUOTA;
  private static final int Q_XGETQSTAT = 0x5805 << 8 | PRJQUOTA;
  private static final int FS_QUOTA_PDQ_ACCT = 1 << 4;
  private static final int FS_QUOTA_PDQ_ENFD = 1 << 5;
  private static final byte VERSION = 1;
  private static final short ALL_LIMITS = 0xf;
  private static final int DISK_QUOTA_SIZE = 112;
  private static final int STATE_SIZE = 80;
  private static final int BLOCK = 512;

  private ProjectQuota() {}

  /// What a file system does with project ids.
  public enum Support {
    NONE,
    /// It counts, but limits do not hold (XFS with `pqnoenforce`, ext4 without `prjquota`).
    COUNTED,
    LIMITED
  }

  /// What the files of a project take.
  public record Usage(long bytes, long inodes) {}

  public static Support support(DirFd directory) throws LinuxException {
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(STATE_SIZE, 8);
      state.set(ValueLayout.JAVA_BYTE, 0, VERSION);
      quota(directory, Q_XGETQSTAT, 0, state, "read the quota state of");
      int flags = state.get(ValueLayout.JAVA_SHORT, 2);
      if ((flags & FS_QUOTA_PDQ_ACCT) == 0) {
        return Support.NONE;
      }
      return (flags & FS_QUOTA_PDQ_ENFD) == 0 ? Support.COUNTED : Support.LIMITED;
    } catch (LinuxException e) {
      if (e.is(
          Errno.ENOSYS,
          Errno.EOPNOTSUPP,
          Errno.ENOTTY,
          Errno.EINVAL,
          Errno.ESRCH,
          Errno.ENODEV,
          Errno.ENOTBLK,
          Errno.EPERM)) {
        return Support.NONE;
      }
      throw e;
    }
  }

  /// {@return the project of a directory, 0 for none}
  public static long project(DirFd directory) throws LinuxException {
    try (var arena = Arena.ofConfined()) {
      var attributes = arena.allocate(FSXATTR_SIZE, 4);
      ioctl(directory, FS_IOC_FSGETXATTR, attributes, "read the project of");
      return Integer.toUnsignedLong(attributes.get(ValueLayout.JAVA_INT, PROJECT_AT));
    }
  }

  /// Gives an empty directory, and all that will be made in it, to a project.
  public static void assign(DirFd directory, long project) throws LinuxException {
    try (var arena = Arena.ofConfined()) {
      var attributes = arena.allocate(FSXATTR_SIZE, 4);
      ioctl(directory, FS_IOC_FSGETXATTR, attributes, "read the project of");
      int flags = attributes.get(ValueLayout.JAVA_INT, 0);
      attributes.set(ValueLayout.JAVA_INT, 0, flags | FS_XFLAG_PROJINHERIT);
      attributes.set(ValueLayout.JAVA_INT, PROJECT_AT, (int) project);
      ioctl(directory, FS_IOC_FSSETXATTR, attributes, "set the project of");
    }
  }

  /// {@return what a project takes on the file system of a directory}
  public static Usage usage(DirFd directory, long project) throws LinuxException {
    try (var arena = Arena.ofConfined()) {
      var quota = arena.allocate(DISK_QUOTA_SIZE, 8);
      quota(directory, Q_XGETQUOTA, project, quota, "read the quota of a project of");
      return new Usage(
          quota.get(ValueLayout.JAVA_LONG, 40) * BLOCK, quota.get(ValueLayout.JAVA_LONG, 48));
    } catch (LinuxException e) {
      if (e.is(Errno.ENOENT)) {
        return new Usage(0, 0); // nobody has used it yet
      }
      throw e;
    }
  }

  /// Sets what a project may take at most; 0 is no limit.
  ///
  /// @param bytes counted in blocks of 512
  public static void limit(DirFd directory, long project, long bytes, long inodes)
      throws LinuxException {
    try (var arena = Arena.ofConfined()) {
      var quota = arena.allocate(DISK_QUOTA_SIZE, 8);
      quota.set(ValueLayout.JAVA_BYTE, 0, VERSION);
      quota.set(ValueLayout.JAVA_BYTE, 1, (byte) PRJQUOTA);
      quota.set(ValueLayout.JAVA_SHORT, 2, ALL_LIMITS);
      quota.set(ValueLayout.JAVA_INT, 4, (int) project);
      quota.set(ValueLayout.JAVA_LONG, 8, bytes / BLOCK);
      quota.set(ValueLayout.JAVA_LONG, 16, bytes / BLOCK);
      quota.set(ValueLayout.JAVA_LONG, 24, inodes);
      quota.set(ValueLayout.JAVA_LONG, 32, inodes);
      quota(directory, Q_XSETQLIM, project, quota, "limit a project of");
    }
  }

  private static void ioctl(DirFd directory, long request, MemorySegment to, String verb)
      throws LinuxException {
    var _ = directory.fd().run(Syscall.IOCTL, verb, request, to.address(), 0);
  }

  private static void quota(
      DirFd directory, int command, long project, MemorySegment to, String verb)
      throws LinuxException {
    var _ = directory.fd().run(Syscall.QUOTACTL_FD, verb, command, project, to.address());
  }
}
