// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import io.criollo.image.mount.FsUsage;
import io.criollo.image.store.Layer;
import io.criollo.image.store.LayerStore;
import io.criollo.linux.DirFd;
import io.criollo.linux.StatFs;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;

/// Says what images and containers take on disk, from what is known of each layer and from the file
/// system: no directory is walked.
public final class ImageFsInfo {
  private final Path images;
  private final Path containers;
  private final LayerStore layers;
  private final boolean split;

  ImageFsInfo(Path images, Path containers, LayerStore layers) throws IOException {
    this.images = images;
    this.containers = containers;
    this.layers = layers;
    this.split = device(images) != device(containers);
  }

  private static long device(Path folder) throws IOException {
    try (var directory = DirFd.open(folder)) {
      return directory.fd().stat().device();
    }
  }

  /// {@return the folder by which clients know the file system of writable layers}
  public Path containerMountpoint() {
    return split ? containers : images;
  }

  /// {@return what images take}
  public FsUsage ofImages() {
    var all = layers.all();
    return new FsUsage(
        images,
        all.stream().mapToLong(Layer::bytes).sum(),
        all.stream().mapToLong(Layer::inodes).sum(),
        Instant.now());
  }

  /// {@return what is used on the file system of containers, if it is one of its own}; else the
  /// same as for images, as CRI-O says it
  public FsUsage ofContainers() throws IOException {
    if (!split) {
      return ofImages();
    }
    var used = StatFs.of(containers);
    return new FsUsage(containers, used.used(), used.usedInodes(), Instant.now());
  }
}
