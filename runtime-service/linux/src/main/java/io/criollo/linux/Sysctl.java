// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Kernel parameters below `/proc/sys`, of the namespaces of the calling thread.
public final class Sysctl {
  private static final long WALK = Resolve.BENEATH | Resolve.NO_SYMLINKS | Resolve.NO_XDEV;
  private static final int LIMIT = 64 * 1024;

  private Sysctl() {}

  /// Sets a parameter, only inside [NetNs#pin] or [NsThread].
  ///
  /// @param dotted as `net.ipv4.ip_forward`
  /// @throws LinuxException EINVAL for a name or value that is none; ENOENT for an unknown
  ///   parameter
  public static void set(String dotted, String value) throws LinuxException {
    NamespaceThread.require("setting " + dotted);
    var path = path(dotted);
    if (value.chars().anyMatch(c -> c < ' ' && c != '\t')) {
      throw new LinuxException(
          Errno.EINVAL, "set sysctl " + dotted, "control character in the value");
    }
    try (var root = DirFd.open(Path.of("/proc/sys"));
        var file = Fd.openAt2(root.fd(), path, OpenFlags.O_WRONLY, 0, WALK)) {
      file.writeAll(value.getBytes(StandardCharsets.UTF_8));
    } catch (LinuxException e) {
      throw new LinuxException(e.errno(), "set sysctl " + dotted, "to " + value);
    }
  }

  /// The same in an IPC namespace of another user namespace. Since Linux 6.10 only the user who is
  /// root there may (ipc_permissions() in ipc/ipc_sysctl.c), before that only the node's root.
  ///
  /// @param root the node's id of that user
  public static void set(String dotted, String value, int root) throws LinuxException {
    try {
      set(dotted, value);
    } catch (LinuxException e) {
      if (!e.is(Errno.EACCES, Errno.EPERM)) {
        throw e;
      }
      EffectiveUser.run(root, () -> set(dotted, value));
    }
  }

  /// {@return the value without its line end}
  public static String get(String dotted) throws LinuxException {
    try (var root = DirFd.open(Path.of("/proc/sys"));
        var file = Fd.openAt2(root.fd(), path(dotted), OpenFlags.O_RDONLY, 0, WALK)) {
      return new String(file.readAll(LIMIT), StandardCharsets.UTF_8).stripTrailing();
    } catch (LinuxException e) {
      throw new LinuxException(e.errno(), "read sysctl " + dotted, "");
    }
  }

  /// Dots separate; a name with `/`, an empty part or a control character is refused.
  static String path(String dotted) throws LinuxException {
    var bad = dotted.chars().anyMatch(c -> c <= ' ' || c == '/' || c == 0x7F);
    if (bad || ("." + dotted + ".").contains("..")) {
      throw new LinuxException(Errno.EINVAL, "name sysctl " + dotted.strip(), "not a dotted name");
    }
    return dotted.replace('.', '/');
  }
}
