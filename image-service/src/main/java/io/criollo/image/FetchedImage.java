// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import io.criollo.image.manifest.ImageContent;
import io.criollo.image.reference.Digest;
import io.criollo.image.reference.ImageId;
import io.criollo.image.registry.BlobSources;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What a reference led to, short of the layers.
///
/// @param sources where its blobs may be had, the place that it came from first
/// @param resolved the digest that the reference stood for: an index's when it names one
/// @param manifests all documents on the way, by digest
/// @param document the one whose digest is the image's id: a container image's configuration, an
///   artifact's manifest
/// @param pieces lowest first
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
record FetchedImage(
    BlobSources sources,
    Digest resolved,
    Map<Digest, byte[]> manifests,
    byte[] document,
    ImageContent content,
    List<Piece> pieces) {

  ImageId id() {
    return new ImageId(Digest.ofSha256(document).hex());
  }

  List<Digest> chain() {
    return pieces.stream().map(Piece::chainId).toList();
  }

  /// {@return all that the store keeps as blobs}
  Map<Digest, byte[]> kept() {
    var kept = new HashMap<>(manifests);
    kept.put(Digest.ofSha256(document), document);
    return kept;
  }
}
