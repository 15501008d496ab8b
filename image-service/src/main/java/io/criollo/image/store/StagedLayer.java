// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.store;

import io.criollo.image.reference.Digest;
import io.criollo.image.unpack.LayerUnpacker.Unpacked;
import java.nio.file.Path;
import java.util.Optional;

/// A layer being made: a private folder, and once it is unpacked what it holds. One thread at a
/// time.
public final class StagedLayer {
  private final Path folder;
  private final Digest chainId;
  private final Digest diffId;
  private Optional<Unpacked> unpacked = Optional.empty();

  StagedLayer(Path folder, Digest chainId, Digest diffId) {
    this.folder = folder;
    this.chainId = chainId;
    this.diffId = diffId;
  }

  public Path folder() {
    return folder;
  }

  Path diff() {
    return folder.resolve("diff");
  }

  public void unpacked(Unpacked result) {
    unpacked = Optional.of(result);
  }

  Unpacked unpacked() {
    return unpacked.orElseThrow(() -> new IllegalStateException("layer is not unpacked yet"));
  }

  Layer layer() {
    var u = unpacked();
    return new Layer(chainId, diffId, u.bytes(), u.inodes(), u.opaque());
  }
}
