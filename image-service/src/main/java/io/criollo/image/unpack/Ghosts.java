// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.unpack;

import io.criollo.linux.DirFd;
import io.criollo.linux.FileStat;
import java.io.IOException;
import java.util.Set;

/// Whiteouts that hide nothing. In a directory that only one layer has, overlay lists them as names
/// that cannot be opened, so they go, with directories that are there only for them. One thread.
final class Ghosts {
  private final LayerTree tree;
  private final Below below;
  private final Set<String> implied;

  /// @param implied directories without an entry of their own; those that go are taken out
  Ghosts(LayerTree tree, Below below, Set<String> implied) {
    this.tree = tree;
    this.below = below;
    this.implied = implied;
  }

  /// Removes a whiteout, if it is one still and hides nothing.
  void settle(EntryPath path) throws IOException {
    var parent = tree.existing(path.parent());
    if (parent.isEmpty()) {
      return;
    }
    try (var directory = parent.get()) {
      if (directory.find(path.name()).filter(Whiteout::is).isPresent()
          && (below.find(path).isEmpty() || isCutOff(path))) {
        var before = directory.fd().stat();
        directory.unlink(path.name());
        restore(path.parent(), before);
      } else {
        return;
      }
    }
    removeEmpty(path.above());
  }

  private void removeEmpty(EntryPath path) throws IOException {
    if (path.isRoot() || !implied.contains(path.toString()) || !isEmpty(path)) {
      return;
    }
    if (below.find(path).isEmpty() || isCutOff(path)) {
      implied.remove(path.toString());
      tree.removeEmpty(path);
      removeEmpty(path.above());
    }
  }

  private boolean isEmpty(EntryPath path) throws IOException {
    try (DirFd directory = tree.existing(path.toString()).orElseThrow()) {
      return directory.list().isEmpty();
    }
  }

  private void restore(String directory, FileStat before) throws IOException {
    var path = EntryPath.of(directory);
    if (!path.isRoot()) { // a layer's own root does not show
      tree.directory(path.parent()).utimens(path.name(), before.mtime(), before.mtime());
    }
  }

  /// {@return whether the layer hides all that lower ones have around a path}
  private boolean isCutOff(EntryPath path) throws IOException {
    for (var at = path; !at.isRoot(); at = at.above()) {
      try (DirFd directory = tree.existing(at.parent()).orElseThrow()) {
        if (Whiteout.isOpaque(directory)) {
          return true;
        }
      }
    }
    return false;
  }
}
