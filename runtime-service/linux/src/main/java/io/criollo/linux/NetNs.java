// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/// Namespaces that live without a process: made on a throw-away platform thread, and pinned by
/// binding them onto files. Any thread may call.
public final class NetNs {
  private NetNs() {}

  /// Makes new namespaces, sets them up from the inside, and binds each to `dir/net`, `dir/ipc` or
  /// `dir/uts`. When it fails nothing stays behind.
  ///
  /// @param dir exists already
  /// @throws IOException of the kernel ([LinuxException]) or of `inside`
  public static void pin(Set<Namespace> kinds, Path dir, NamespaceSetup inside) throws IOException {
    try {
      NamespaceThread.run(
          "pin " + dir,
          () -> {
            unshare(kinds);
            inside.run();
            bind(Path.of("/proc/thread-self/ns"), kinds, dir);
            return dir;
          });
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /// Works inside namespaces that are pinned in `dir`.
  ///
  /// @param kinds of NET, IPC and UTS
  /// @throws IOException of the kernel ([LinuxException]) or of `inside`
  public static void within(Set<Namespace> kinds, Path dir, NamespaceSetup inside)
      throws IOException {
    try {
      NamespaceThread.run(
          "within " + dir,
          () -> {
            for (var kind : kinds) {
              NsThread.join(dir.resolve(kind.file()), kind);
            }
            inside.run();
            return dir;
          });
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /// Pins namespaces that another process lives in, as [#pin] does. The process is held by a pidfd,
  /// so that no other one can take its number meanwhile.
  public static void pinOf(PidFd process, Set<Namespace> kinds, Path dir) throws LinuxException {
    bind(Path.of("/proc/" + process.pid() + "/ns"), kinds, dir);
    if (!process.alive()) {
      unpin(kinds, dir);
      throw new LinuxException(Errno.ESRCH, "pin namespaces of process " + process.pid(), "");
    }
  }

  private static void unshare(Set<Namespace> kinds) throws LinuxException {
    var flags = kinds.stream().mapToInt(Namespace::flag).reduce(0, (a, b) -> a | b);
    var result = Syscall.UNSHARE.call(flags);
    if (result < 0) {
      var detail = result == -Errno.EINVAL ? "this kernel lacks one of these namespaces" : "";
      throw Syscall.UNSHARE.failed(result, "make namespaces " + kinds, detail);
    }
  }

  private static void bind(Path from, Set<Namespace> kinds, Path dir) throws LinuxException {
    try {
      for (var kind : kinds) {
        Mounts.bindFile(from.resolve(kind.file()), dir.resolve(kind.file()));
      }
    } catch (LinuxException e) {
      try {
        unpin(kinds, dir);
      } catch (LinuxException next) {
        e.addSuppressed(next);
      }
      throw e;
    }
  }

  /// Lets go of all namespaces pinned in `dir`; those that are not there are passed over. `dir`
  /// stays.
  public static void unpin(Path dir) throws LinuxException {
    unpin(EnumSet.allOf(Namespace.class), dir);
  }

  private static void unpin(Set<Namespace> kinds, Path dir) throws LinuxException {
    for (var kind : kinds) {
      unpinFile(dir.resolve(kind.file()));
    }
  }

  private static void unpinFile(Path pin) throws LinuxException {
    while (Mounts.unmountIfMounted(pin)) {
      // mounts may be stacked
    }
    try (var dir = DirFd.parentOf(pin)) {
      dir.unlink(pin.getFileName().toString());
    } catch (LinuxException e) {
      if (e.errno() != Errno.ENOENT) {
        throw e;
      }
    }
  }

  /// {@return whether `pin` holds a namespace: not after a reboot, nor when something else is
  /// there}
  public static boolean isPinned(Path pin) throws LinuxException {
    try {
      return StatFs.of(pin).type() == StatFs.NSFS_MAGIC;
    } catch (LinuxException e) {
      if (e.is(Errno.ENOENT, Errno.ENOTDIR)) {
        return false;
      }
      throw e;
    }
  }
}
