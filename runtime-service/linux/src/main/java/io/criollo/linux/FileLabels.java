// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;

/// SELinux labels of files, and what the loaded policy knows of them (selinuxfs). Any thread; a
/// walk through a large tree blocks for long.
public final class FileLabels {
  private static final String ATTRIBUTE = "security.selinux";
  private static final Path SELINUX = Path.of("/sys/fs/selinux");
  private static final long WALK = Resolve.BENEATH | Resolve.NO_SYMLINKS | Resolve.NO_MAGICLINKS;

  private FileLabels() {}

  /// {@return whether SELinux is there, enforcing or not}
  public static boolean available() {
    return Files.exists(SELINUX.resolve("enforce"));
  }

  /// {@return whether the loaded policy accepts a label, of a process or of a file}
  public static boolean known(String label) throws LinuxException {
    try (var fd = Fd.open(SELINUX.resolve("context"), OpenFlags.O_RDWR, 0)) {
      fd.writeAll((label + "\0").getBytes(StandardCharsets.UTF_8));
      return true;
    } catch (LinuxException e) {
      if (e.is(Errno.EINVAL, Errno.EPERM, Errno.ENOENT)) {
        return false;
      }
      throw e;
    }
  }

  /// Labels one file; a symbolic link is followed.
  public static void set(Path file, String label) throws LinuxException {
    try (var fd = Fd.open(file, OpenFlags.O_PATH, 0)) {
      Xattrs.set(fd, ATTRIBUTE, bytes(label));
    }
  }

  /// Labels a file, or a directory with all that is below it. Links are labelled, never followed;
  /// what vanishes meanwhile is passed over. A file system without labels, or one that can only be
  /// read, is left as it is.
  public static void setTree(Path tree, String label) throws LinuxException {
    try (var top = Fd.open(tree, OpenFlags.O_PATH, 0)) {
      Xattrs.set(top, ATTRIBUTE, bytes(label));
      if (top.stat().isDirectory()) {
        below(tree, bytes(label));
      }
    } catch (LinuxException e) {
      if (!e.is(Errno.EOPNOTSUPP, Errno.EROFS)) {
        throw new LinuxException(e.errno(), "label " + tree + " as " + label, e.call());
      }
    }
  }

  /// Directories wait by their paths, so that no depth exhausts descriptors or stack.
  private static void below(Path tree, byte[] label) throws LinuxException {
    var waiting = new ArrayDeque<String>();
    waiting.add(".");
    try (var top = DirFd.open(tree)) {
      while (!waiting.isEmpty()) {
        var path = waiting.removeLast();
        try (var dir = top.openDir(path, WALK)) {
          for (var entry : dir.list()) {
            if (labelled(dir, entry.name(), label) && entry.isDirectory()) {
              waiting.add(path + "/" + entry.name());
            }
          }
        } catch (LinuxException e) {
          if (!e.is(Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP)) { // replaced meanwhile
            throw e;
          }
        }
      }
    }
  }

  private static boolean labelled(DirFd dir, String name, byte[] label) throws LinuxException {
    try {
      Xattrs.set(dir, name, ATTRIBUTE, label);
      return true;
    } catch (LinuxException e) {
      if (e.is(Errno.ENOENT)) {
        return false;
      }
      throw e;
    }
  }

  private static byte[] bytes(String label) {
    return (label + "\0").getBytes(StandardCharsets.UTF_8);
  }
}
