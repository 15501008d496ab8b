// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import io.criollo.image.reference.ImageId;
import io.criollo.image.store.ImageStore;
import java.io.IOException;
import java.util.function.Predicate;

/// Removes an image with all its names, as the CRI has it: one tag, digest or id stands for the
/// whole image.
public final class RemoveImage {
  private final ImageStore images;
  private final ImageLookup lookup;
  private final Garbage garbage;

  RemoveImage(ImageStore images, ImageLookup lookup, Garbage garbage) {
    this.images = images;
    this.lookup = lookup;
    this.garbage = garbage;
  }

  /// Removes the image and returns when its disk space is free; does nothing when there is no such
  /// image.
  ///
  /// @param inUse whether a container uses an image
  /// @throws ImageException IN_USE when one does
  public void remove(String reference, Predicate<ImageId> inUse)
      throws ImageException, IOException {
    var found = lookup.find(reference);
    if (found.isEmpty()) {
      return;
    }
    var id = found.get().id();
    if (inUse.test(id)) {
      throw new ImageException(Kind.IN_USE, "image is used by a container: " + id);
    }
    images.remove(id);
    garbage.collect();
    garbage.leftovers(Garbage.LIFE);
  }
}
