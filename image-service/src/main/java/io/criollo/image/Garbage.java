// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import io.criollo.image.mount.RootFilesystems;
import io.criollo.image.reference.Digest;
import io.criollo.image.store.ImageStore;
import io.criollo.image.store.LayerStore;
import io.criollo.image.store.PartialBlobs;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;

/// Removes what nothing needs: layers of neither an image nor a container, and what pulls that
/// failed have left.
record Garbage(
    ImageStore images, LayerStore layers, PartialBlobs partials, RootFilesystems rootFilesystems) {
  /// How long a failed pull may be taken up again without fetching all anew.
  static final Duration LIFE = Duration.ofHours(1);

  void collect() throws IOException {
    layers.collect(() -> {
      var used = new HashSet<Digest>(images.usedLayers());
      used.addAll(rootFilesystems.usedLayers());
      return used;
    });
  }

  /// Removes all that no image, no container and no pull under way has.
  void everything() throws IOException {
    layers.abandon(Instant.MAX);
    partials.sweep();
    collect();
  }

  /// Removes what is older of pulls that are not under way.
  void leftovers(Duration age) throws IOException {
    layers.abandon(Instant.now().minus(age));
    partials.sweep(age);
  }
}
