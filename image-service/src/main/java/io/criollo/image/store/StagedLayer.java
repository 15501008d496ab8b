// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.store;

import io.criollo.image.reference.Digest;
import io.criollo.image.seal.SumNotes;
import io.criollo.image.unpack.LayerUnpacker.Unpacked;
import java.nio.file.Path;

/// A layer with all its content that is not visible yet: a private folder and what it holds.
///
/// @param folder with the tree in `diff`
record StagedLayer(Path folder, Digest chainId, Digest diffId, Unpacked unpacked) {
  Path diff() {
    return folder.resolve("diff");
  }

  /// {@return what was noted of the files while they were written}
  Path sums() {
    return folder.resolve("diff" + SumNotes.SUFFIX);
  }

  Layer layer() {
    return new Layer(chainId, diffId, unpacked.bytes(), unpacked.inodes(), unpacked.opaque(), true);
  }
}
