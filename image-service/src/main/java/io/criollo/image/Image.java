// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import io.criollo.image.manifest.ImageConfig;
import io.criollo.image.reference.ImageId;
import java.util.List;

/// An image in the store. `size` is the bytes of its unpacked layers, shared ones included.
public record Image(
    ImageId id,
    List<String> repoTags,
    List<String> repoDigests,
    long size,
    boolean pinned,
    ImageConfig config) {
  public Image {
    repoTags = List.copyOf(repoTags);
    repoDigests = List.copyOf(repoDigests);
  }
}
