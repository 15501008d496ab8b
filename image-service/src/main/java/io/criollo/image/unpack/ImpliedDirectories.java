// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.unpack;

import io.criollo.linux.DirFd;
import io.criollo.linux.Errno;
import io.criollo.linux.FileStat;
import io.criollo.linux.LinuxException;
import io.criollo.linux.Resolve;
import io.criollo.linux.Xattrs;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Directories that a layer's archive does not list but only has files in. In the image they are as
/// lower layers made them; as layers are unpacked apart from each other, they get owner, mode,
/// attributes and time once all are there.
final class ImpliedDirectories {
  private static final long RESOLVE =
      Resolve.IN_ROOT | Resolve.NO_MAGICLINKS | Resolve.NO_SYMLINKS | Resolve.NO_XDEV;

  private ImpliedDirectories() {}

  /// Makes them like the topmost lower layer that has them.
  ///
  /// @param layer the root of the layer's tree
  /// @param lowers roots of the layers below, topmost first
  static void settle(Path layer, Set<String> implied, List<Path> lowers) throws LinuxException {
    if (implied.isEmpty() || lowers.isEmpty()) {
      return;
    }
    var deepestFirst = implied.stream().sorted((a, b) -> b.compareTo(a)).toList();
    for (var path : deepestFirst) {
      for (var lower : lowers) {
        if (settled(layer, lower, path)) {
          break;
        }
      }
    }
  }

  /// {@return whether nothing further down matters for the path}
  private static boolean settled(Path layer, Path lower, String path) throws LinuxException {
    try (var root = DirFd.open(lower)) {
      var model = open(root, path);
      if (model.isPresent()) {
        try (var from = model.get()) {
          copy(from, layer, path);
        }
        return true;
      }
      return false;
    } catch (LinuxException e) {
      if (e.is(Errno.ENOTDIR, Errno.ELOOP)) {
        return true; // a file, link or whiteout: the directory is new in this layer
      }
      throw e;
    }
  }

  private static Optional<DirFd> open(DirFd root, String path) throws LinuxException {
    try {
      return Optional.of(root.openDir(path.isEmpty() ? "." : path, RESOLVE));
    } catch (LinuxException e) {
      if (e.is(Errno.ENOENT)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static void copy(DirFd from, Path layer, String path) throws LinuxException {
    var stat = from.fd().stat();
    var full = path.isEmpty() ? layer : layer.resolve(path);
    var parent = path.isEmpty() ? "" : path.substring(0, Math.max(path.lastIndexOf('/'), 0));
    try (var root = DirFd.open(path.isEmpty() ? layer.resolveSibling(".") : layer);
        var above = root.openDir(parent.isEmpty() ? "." : parent, RESOLVE);
        var to = above.openDir(String.valueOf(full.getFileName()))) {
      to.fd().chown(stat.uid(), stat.gid());
      to.fd().chmod(stat.permissions());
      copyAttributes(from, to);
      above.utimens(String.valueOf(full.getFileName()), stat.mtime(), stat.mtime());
    }
  }

  private static void copyAttributes(DirFd from, DirFd to) throws LinuxException {
    for (var name : Xattrs.list(from.fd())) {
      if (!name.startsWith("trusted.")) {
        Xattrs.set(to.fd(), name, Xattrs.get(from.fd(), name).orElse(new byte[0]));
      }
    }
  }

  /// {@return the root's own owner and mode}
  static FileStat stat(Path root) throws LinuxException {
    try (var directory = DirFd.open(root)) {
      return directory.fd().stat();
    }
  }
}
