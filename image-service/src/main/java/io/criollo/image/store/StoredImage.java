// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.store;

import io.criollo.image.manifest.ImageContent;
import io.criollo.image.reference.Digest;
import io.criollo.image.reference.ImageId;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;

/// An image with all its layers in the store. Immutable; the store replaces it when its names
/// change.
///
/// @param chain chain ids of its layers, lowest first
/// @param size bytes of its layers
public record StoredImage(
    ImageId id, ImageContent content, List<Digest> chain, long size, Names names) {
  public StoredImage {
    chain = List.copyOf(chain);
  }

  /// What an image is called.
  ///
  /// @param tags `name:tag`, each with a number that grows over all images: after a crash the
  ///   higher one has the tag
  /// @param digests `name@digest` as images are listed: the digest that the pulled reference led to
  /// @param manifests digests of all manifests and indexes that led to the image
  /// @param signatures digests of the signatures that came with them, checked or not
  public record Names(
      SortedMap<String, Long> tags,
      SortedSet<String> digests,
      SortedSet<String> manifests,
      SortedSet<String> signatures) {}
}
