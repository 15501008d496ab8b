// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import io.criollo.image.reference.ImageException;
import io.criollo.image.store.ImageStore;
import java.util.List;
import java.util.Optional;

/// Lists the images in the store.
public final class ListImages {
  private final ImageStore images;
  private final ImageLookup lookup;
  private final ImageView view;

  ListImages(ImageStore images, ImageLookup lookup, ImageView view) {
    this.images = images;
    this.lookup = lookup;
    this.view = view;
  }

  /// {@return all images, or the one that a reference names}
  public List<Image> list(Optional<String> reference) throws ImageException {
    if (reference.isPresent()) {
      return lookup.find(reference.get()).map(view::of).stream().toList();
    }
    return images.all().stream().map(view::of).toList();
  }
}
