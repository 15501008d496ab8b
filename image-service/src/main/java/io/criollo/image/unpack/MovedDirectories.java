// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.unpack;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/// Directories that an archive only implies and that are symbolic links in the layers below, as
/// `lib/x` over `lib -> usr/lib`: what is in them belongs where the link leads. One thread.
final class MovedDirectories {
  private final LayerTree tree;
  private final Below below;
  private final Settling.Change change;
  private final Map<String, String> moves = new HashMap<>();

  MovedDirectories(LayerTree tree, Below below, Settling.Change change) {
    this.tree = tree;
    this.below = below;
    this.change = change;
  }

  /// Moves one directory's content, if it must move; those above it come first.
  void settle(EntryPath path) throws IOException {
    var now = where(path);
    var shown = below.find(now);
    if (shown.isEmpty() || !shown.get().stat().isSymbolicLink()) {
      return;
    }
    var to = below.follow(now);
    if (below.find(to).filter(target -> !target.stat().isDirectory()).isPresent()) {
      throw Corrupt.because("has files below " + path + ", which leads to no directory");
    }
    change.begins();
    move(now, to);
    moves.put(now.toString(), to.toString());
  }

  /// {@return where a path of the archive is now}
  EntryPath where(EntryPath path) throws Corrupt {
    for (var at = path; !at.isRoot(); at = at.above()) {
      var moved = moves.get(at.toString());
      if (moved != null) {
        return EntryPath.of(moved + path.toString().substring(at.toString().length()));
      }
    }
    return path;
  }

  private void move(EntryPath from, EntryPath to) throws IOException {
    try (var directory = tree.existing(from.toString()).orElseThrow()) {
      for (var entry : directory.list()) {
        var target = tree.directory(to.toString());
        var there = target.find(entry.name());
        var both =
            there.isPresent()
                && there.get().isDirectory()
                && directory.stat(entry.name()).isDirectory();
        if (both) {
          move(from.child(entry.name()), to.child(entry.name()));
        } else {
          if (there.isPresent()) {
            tree.remove(to.child(entry.name()), target);
          }
          tree.directory(to.toString()).rename(directory, entry.name(), entry.name());
        }
      }
    }
    tree.removeEmpty(from);
  }
}
