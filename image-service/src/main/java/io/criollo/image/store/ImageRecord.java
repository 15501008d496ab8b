// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.store;

import io.criollo.image.manifest.ArtifactDocument;
import io.criollo.image.manifest.ConfigDocument;
import io.criollo.image.reference.Digest;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// An image as its file in the store has it.
///
/// @param artifact an artifact's type, absent for a container image
record ImageRecord(
    int version,
    String id,
    List<String> chain,
    Map<String, Long> tags,
    List<String> digests,
    List<String> manifests,
    @Nullable List<String> signatures,
    @Nullable String artifact) {

  static ImageRecord of(StoredImage image) {
    return new ImageRecord(
        StoreFiles.VERSION,
        image.id().digest(),
        image.chain().stream().map(Digest::toString).toList(),
        image.names().tags(),
        List.copyOf(image.names().digests()),
        List.copyOf(image.names().manifests()),
        List.copyOf(image.names().signatures()),
        image.content() instanceof ArtifactDocument artifact ? artifact.type() : null);
  }

  /// {@return the image, if this is a sound record and its layers are there}
  ///
  /// @param document whose digest is the image's id
  StoredImage image(byte[] document, LayerStore layers) throws ImageException {
    var imageId = ImageId.parse(id);
    if (version != StoreFiles.VERSION || !Digest.parse(id).matches(document)) {
      throw broken("its configuration does not have its digest");
    }
    var content =
        artifact == null ? ConfigDocument.read(document) : ArtifactDocument.read(document);
    var ids = ChainIds.of(content);
    if (!ids.stream().map(Digest::toString).toList().equals(chain)) {
      throw broken("its layers are not those of its configuration");
    }
    var size = (long) document.length;
    for (var chainId : ids) {
      size +=
          layers.find(chainId).orElseThrow(() -> broken("layer is missing: " + chainId)).bytes();
    }
    var names =
        new StoredImage.Names(
            new TreeMap<>(tags),
            new TreeSet<>(digests),
            new TreeSet<>(manifests),
            new TreeSet<>(Objects.requireNonNullElse(signatures, List.<String>of())));
    return new StoredImage(imageId, content, ids, size, names);
  }

  private ImageException broken(String why) {
    return new ImageException(ImageException.Kind.CORRUPT, "image " + id + ": " + why);
  }
}
