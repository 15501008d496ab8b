// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import io.criollo.image.manifest.ArtifactDocument;
import io.criollo.image.manifest.Descriptor;
import io.criollo.image.reference.Digest;

/// One blob of an image and the layer that it becomes in the store.
record Piece(Descriptor blob, Digest chainId, Form form) {

  /// What the blob is.
  sealed interface Form {}

  /// An archive of files.
  ///
  /// @param diffId digest of the plain archive
  record Archive(Digest diffId) implements Form {}

  /// A file of an artifact.
  record File(ArtifactDocument.File file) implements Form {}
}
