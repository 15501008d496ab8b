// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import io.criollo.image.manifest.ArtifactDocument;
import io.criollo.image.manifest.ConfigDocument;
import io.criollo.image.manifest.ImageConfig;
import io.criollo.image.manifest.ImageContent;
import io.criollo.image.reference.ImageId;
import java.util.List;
import java.util.Optional;

/// An image in the store. `size` is the bytes of its unpacked layers, shared ones included.
public record Image(
    ImageId id,
    List<String> repoTags,
    List<String> repoDigests,
    long size,
    boolean pinned,
    ImageContent content) {
  public Image {
    repoTags = List.copyOf(repoTags);
    repoDigests = List.copyOf(repoDigests);
  }

  /// {@return what it says about running it}; nothing, if it is an artifact
  public ImageConfig config() {
    return switch (content) {
      case ConfigDocument image -> image.config();
      case ArtifactDocument _ -> ImageConfig.NONE;
    };
  }

  /// {@return its files, if it is an artifact and no container image}
  public Optional<ArtifactDocument> artifact() {
    return content instanceof ArtifactDocument artifact ? Optional.of(artifact) : Optional.empty();
  }
}
