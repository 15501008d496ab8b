// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.unpack;

import io.criollo.image.reference.ImageException;
import io.criollo.linux.DirFd;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;

/// Fits a layer, which was unpacked apart from all others, to those below, so that the image is
/// that of unpacking in order.
public final class Settling {
  private Settling() {}

  /// Is told before the first change that cannot be made twice.
  public interface Change {
    void begins() throws IOException;
  }

  /// Settles a layer.
  ///
  /// @param layer the root of the layer's tree
  /// @param lowers roots of the layers below, settled, topmost first
  /// @throws ImageException CORRUPT when the layer asks for what cannot be
  public static void settle(Path layer, Pending pending, List<Path> lowers, Change change)
      throws ImageException, IOException {
    if (lowers.isEmpty() && pending.links().isEmpty() && pending.whiteouts().isEmpty()) {
      return;
    }
    var implied = new TreeSet<String>();
    try (var below = Below.open(lowers);
        var tree = new LayerTree(DirFd.open(layer), Long.MAX_VALUE)) {
      var moved = new MovedDirectories(tree, below, change);
      for (var path : new TreeSet<>(pending.implied())) {
        moved.settle(EntryPath.of(path));
      }
      if (!pending.links().isEmpty()) {
        change.begins();
      }
      var links = new ForeignLinks(tree, below);
      for (var link : pending.links()) {
        links.settle(link, moved);
      }
      implied.addAll(tree.implied());
      implied.remove("");
      for (var path : pending.implied()) {
        implied.add(moved.where(EntryPath.of(path)).toString());
      }
      var ghosts = new Ghosts(tree, below, implied);
      for (var path : pending.whiteouts()) {
        ghosts.settle(moved.where(EntryPath.of(path)));
      }
    } catch (Corrupt e) {
      throw new ImageException(e.kind(), String.valueOf(e.getMessage()), e);
    }
    ImpliedDirectories.settle(layer, implied, lowers);
  }
}
