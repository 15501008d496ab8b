// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import io.criollo.image.mount.FsUsage;
import io.criollo.image.store.Layer;
import io.criollo.image.store.LayerStore;
import java.nio.file.Path;
import java.time.Instant;

/// Says what images take on disk, from what is known of each layer: no directory is walked.
public final class ImageFsInfo {
  private final Path root;
  private final LayerStore layers;

  ImageFsInfo(Path root, LayerStore layers) {
    this.root = root;
    this.layers = layers;
  }

  /// {@return the folder by which clients know the file system of images and writable layers}
  public Path mountpoint() {
    return root;
  }

  public FsUsage usage() {
    var all = layers.all();
    return new FsUsage(
        root,
        all.stream().mapToLong(Layer::bytes).sum(),
        all.stream().mapToLong(Layer::inodes).sum(),
        Instant.now());
  }
}
