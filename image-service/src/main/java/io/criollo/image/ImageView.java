// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import io.criollo.image.store.StoredImage;
import java.util.List;

/// Shows stored images as callers see them.
record ImageView(Pins pins) {
  Image of(StoredImage stored) {
    return new Image(
        stored.id(),
        List.copyOf(stored.names().tags().keySet()),
        List.copyOf(stored.names().digests()),
        stored.size(),
        pins.cover(stored),
        stored.content());
  }
}
