// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.seal;

import io.criollo.linux.DirEntry;
import io.criollo.linux.DirFd;
import io.criollo.linux.FileStat;
import io.criollo.linux.Resolve;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;

/// Goes through a tree in an order that is always the same: a directory, what is in it but
/// directories, then those; each sorted by name. Symbolic links and other mounts are not entered.
final class TreeWalk {
  private static final long RESOLVE =
      Resolve.IN_ROOT | Resolve.NO_MAGICLINKS | Resolve.NO_SYMLINKS | Resolve.NO_XDEV;

  private TreeWalk() {}

  /// Is shown all that is in a tree.
  interface Visitor {
    /// {@return whether to go on after a directory}
    ///
    /// @param path `.` for the root
    boolean directory(String path, DirFd directory) throws IOException;

    /// {@return whether to go on after what is no directory}
    boolean file(String path, DirFd parent, String name, FileStat stat) throws IOException;
  }

  static void of(Path tree, Visitor visitor) throws IOException {
    var waiting = new ArrayDeque<String>();
    waiting.push(".");
    try (var root = DirFd.open(tree)) {
      while (!waiting.isEmpty()) {
        var path = waiting.pop();
        try (var directory = root.openDir(path, RESOLVE)) {
          if (!visitor.directory(path, directory) || !visit(path, directory, visitor, waiting)) {
            return;
          }
        }
      }
    }
  }

  private static boolean visit(
      String path, DirFd directory, Visitor visitor, ArrayDeque<String> waiting)
      throws IOException {
    var entries = new ArrayList<>(directory.list());
    entries.sort(Comparator.comparing(DirEntry::name));
    var below = new ArrayList<String>();
    for (var entry : entries) {
      var full = path.equals(".") ? entry.name() : path + "/" + entry.name();
      var stat = directory.stat(entry.name());
      if (stat.isDirectory()) {
        below.add(full);
      } else if (!visitor.file(full, directory, entry.name(), stat)) {
        return false;
      }
    }
    below.reversed().forEach(waiting::push);
    return true;
  }
}
