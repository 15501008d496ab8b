// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import io.criollo.image.reference.ImageException;
import java.util.Optional;

/// Finds one image.
public final class ImageStatus {
  private final ImageLookup lookup;
  private final ImageView view;

  ImageStatus(ImageLookup lookup, ImageView view) {
    this.lookup = lookup;
    this.view = view;
  }

  /// {@return the image with this id, start of an id, tag, digest or short name}
  ///
  /// @throws ImageException INVALID_REFERENCE when the text can be none of these
  public Optional<Image> find(String reference) throws ImageException {
    return lookup.find(reference).map(view::of);
  }
}
