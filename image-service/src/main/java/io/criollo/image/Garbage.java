// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import io.criollo.image.mount.RootFilesystems;
import io.criollo.image.reference.Digest;
import io.criollo.image.store.ImageStore;
import io.criollo.image.store.LayerStore;
import java.io.IOException;
import java.util.HashSet;

/// Removes layers that neither an image nor a container needs.
record Garbage(ImageStore images, LayerStore layers, RootFilesystems rootFilesystems) {
  void collect() throws IOException {
    layers.collect(() -> {
      var used = new HashSet<Digest>(images.usedLayers());
      used.addAll(rootFilesystems.usedLayers());
      return used;
    });
  }
}
