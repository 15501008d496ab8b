// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Mounting and unmounting (mount(2), umount2(2), and mount_setattr(2) where it is atomic). Targets
/// are the caller's own paths; a target inside a container's root file system is given as
/// [Fd#procPath] of what openat2 found. Blocks on slow file systems: platform threads for those.
public final class Mounts {
  public static final long MS_RDONLY = 1;
  public static final long MS_NOSUID = 2;
  public static final long MS_NODEV = 4;
  public static final long MS_NOEXEC = 8;
  public static final long MS_REMOUNT = 32;
  public static final long MS_BIND = 4096;
  public static final long MS_MOVE = 8192;
  public static final long MS_REC = 16384;
  public static final long MS_UNBINDABLE = 1 << 17;
  public static final long MS_PRIVATE = 1 << 18;
  public static final long MS_SLAVE = 1 << 19;
  public static final long MS_SHARED = 1 << 20;

  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int AT_NO_AUTOMOUNT = 0x800;

  /// Does not wait for the writer of a FIFO.
  private static final int BIND_TARGET =
      OpenFlags.O_RDONLY | OpenFlags.O_CREAT | OpenFlags.O_NOFOLLOW | OpenFlags.O_NONBLOCK;

  private static final int MNT_DETACH = 2;
  private static final int UMOUNT_NOFOLLOW = 8;

  private Mounts() {}

  /// mount(2).
  ///
  /// @param data the file system's own options, below one page; empty for none
  public static void mount(String source, Path target, String fsType, long flags, String data)
      throws LinuxException {
    var what = "mount " + (fsType.isEmpty() ? source : fsType) + " on " + target;
    try (var arena = Arena.ofConfined()) {
      var from = KernelString.allocate(arena, source);
      var to = KernelString.allocate(arena, target.toString());
      var type = KernelString.allocate(arena, fsType);
      var options = KernelString.allocate(arena, data);
      var result =
          Syscall.MOUNT.call(
              from.address(), to.address(), type.address(), flags, options.address());
      if (result < 0) {
        throw Syscall.MOUNT.failed(result, what, detail((int) -result, fsType, data));
      }
    }
  }

  private static String detail(int errno, String fsType, String data) {
    return errno == Errno.ENODEV ? "this kernel has no file system " + fsType : data;
  }

  /// Binds a directory or file, without the mounts below it.
  public static void bind(Path source, Path target) throws LinuxException {
    mount(source.toString(), target, "", MS_BIND, "");
  }

  /// Binds a directory with all mounts below it.
  public static void bindRecursive(Path source, Path target) throws LinuxException {
    mount(source.toString(), target, "", MS_BIND | MS_REC, "");
  }

  /// Binds read-only, never writable on the way (open_tree(2), mount_setattr(2), Linux 5.12).
  public static void bindReadOnly(Path source, Path target) throws LinuxException {
    try (var tree = DetachedMount.clone(source, false)) {
      tree.readOnly(false);
      tree.attach(target);
    }
  }

  /// As [#bindReadOnly], with all mounts below, each of them read-only.
  public static void bindReadOnlyRecursive(Path source, Path target) throws LinuxException {
    try (var tree = DetachedMount.clone(source, true)) {
      tree.readOnly(true);
      tree.attach(target);
    }
  }

  /// Binds a directory, without the mounts below it, so that ids on its file system appear as those
  /// of a user namespace (Linux 5.12, if the file system can).
  ///
  /// @param userNs a pin of the namespace, or `/proc/PID/ns/user`
  public static void bindMapped(Path source, Path userNs, Path target) throws LinuxException {
    try (var tree = DetachedMount.clone(source, false);
        var namespace = Fd.open(userNs, OpenFlags.O_RDONLY, 0)) {
      tree.map(namespace);
      tree.attach(target);
    }
  }

  /// Binds a file (or namespace) over `target`, which is created empty when it is not there.
  public static void bindFile(Path source, Path target) throws LinuxException {
    try (var made = Fd.open(target, BIND_TARGET, 0600)) {
      mount(source.toString(), made.procPath(), "", MS_BIND, "");
    } catch (LinuxException e) {
      throw new LinuxException(e.errno(), "bind " + source + " on " + target, "");
    }
  }

  /// Changes the propagation of the mount at `target`.
  ///
  /// @param propagation MS_PRIVATE, MS_SLAVE, MS_SHARED or MS_UNBINDABLE, with MS_REC for all below
  public static void propagation(Path target, long propagation) throws LinuxException {
    try {
      mount("", target, "", propagation, "");
    } catch (LinuxException e) {
      throw new LinuxException(
          e.errno(), "change propagation of " + target, "0x" + Long.toHexString(propagation));
    }
  }

  /// Mounts an empty tmpfs, nosuid, nodev and noexec.
  ///
  /// @param bytes its size at most
  public static void tmpfs(Path target, long bytes, int mode) throws LinuxException {
    tmpfs(target, bytes, mode, Optional.empty());
  }

  /// The same, with one SELinux label for all that is in it.
  public static void tmpfs(Path target, long bytes, int mode, Optional<String> label)
      throws LinuxException {
    var options =
        "size="
            + bytes
            + ",mode="
            + Integer.toOctalString(mode)
            + label.map(text -> "," + context(text)).orElse("");
    mount("tmpfs", target, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, options);
  }

  /// Mounts an overlay; read-only without `upper`.
  ///
  /// @param lowers topmost first, at least one
  /// @param upper with `work` on the same file system
  /// @param options more options of overlayfs, such as `volatile` or `metacopy=on`
  /// @throws LinuxException when the options exceed a page, and the kernel is older than Linux 6.5
  public static void overlay(
      List<Path> lowers,
      Optional<Path> upper,
      Optional<Path> work,
      Path target,
      List<String> options)
      throws LinuxException {
    new OverlayMount(lowers, upper, work, options).mount(target);
  }

  /// {@return the option that gives all files of a mount one SELinux label, which may have commas}
  public static String context(String label) {
    return "context=\"" + label + "\"";
  }

  /// Unmounts; EBUSY while it is in use.
  public static void unmount(Path target) throws LinuxException {
    unmount(target, UMOUNT_NOFOLLOW);
  }

  /// Takes the mount, and those below it, out of the tree at once; it ends when its last user is
  /// gone.
  public static void unmountDetached(Path target) throws LinuxException {
    unmount(target, UMOUNT_NOFOLLOW | MNT_DETACH);
  }

  /// As [#unmountDetached]; what is not mounted or not there is no error.
  ///
  /// @return whether something was unmounted
  public static boolean unmountIfMounted(Path target) throws LinuxException {
    try {
      unmountDetached(target);
      return true;
    } catch (LinuxException e) {
      if (e.is(Errno.EINVAL, Errno.ENOENT)) {
        return false;
      }
      throw e;
    }
  }

  private static void unmount(Path target, int flags) throws LinuxException {
    try (var arena = Arena.ofConfined()) {
      var path = KernelString.allocate(arena, target.toString());
      var result = Syscall.UMOUNT2.call(path.address(), flags);
      if (result < 0) {
        var detail = result == -Errno.EINVAL ? "not mounted" : "";
        throw Syscall.UMOUNT2.failed(result, "unmount " + target, detail);
      }
    }
  }

  /// {@return whether `path` is the root of a mount; false when nothing is there}
  public static boolean isMountPoint(Path path) throws LinuxException {
    try {
      return FileStat.of(Fd.AT_FDCWD, path.toString(), AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT)
          .mountRoot();
    } catch (LinuxException e) {
      if (e.is(Errno.ENOENT, Errno.ENOTDIR)) {
        return false;
      }
      throw e;
    }
  }
}
