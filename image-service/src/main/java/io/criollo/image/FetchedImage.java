// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import io.criollo.image.manifest.ImageManifest;
import io.criollo.image.reference.Digest;
import io.criollo.image.registry.BlobSources;
import java.util.HashMap;
import java.util.Map;

/// What a reference led to, short of the layers.
///
/// @param sources where its blobs may be had, the place that it came from first
/// @param resolved the digest that the reference stood for: an index's when it names one
/// @param manifests all documents on the way, by digest
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
record FetchedImage(
    BlobSources sources,
    Digest resolved,
    Map<Digest, byte[]> manifests,
    ImageManifest manifest,
    byte[] config) {

  /// {@return all that the store keeps as blobs}
  Map<Digest, byte[]> content() {
    var content = new HashMap<>(manifests);
    content.put(manifest.config().digest(), config);
    return content;
  }
}
