// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import io.criollo.image.reference.Digest;
import java.time.Instant;
import java.util.List;

/// A pull under way, as it is at one moment.
///
/// @param bytesPerSecond what came over the network in the last seconds
/// @param layers those that were missing when the pull began, lowest first; empty until the
///   manifest is there
public record PullStatus(
    String reference, Instant since, long bytesPerSecond, List<LayerStatus> layers) {
  public PullStatus {
    layers = List.copyOf(layers);
  }

  /// How far a layer is.
  public enum Phase {
    WAITING,
    FETCHING,
    DONE
  }

  /// One layer of a pull.
  ///
  /// @param size bytes of the compressed layer
  /// @param here how many of them are on this node
  /// @param from the mirror or registry that sends them; empty when none does
  public record LayerStatus(Digest digest, long size, long here, String from, Phase phase) {}

  public long size() {
    return layers.stream().mapToLong(LayerStatus::size).sum();
  }

  public long here() {
    return layers.stream().mapToLong(LayerStatus::here).sum();
  }

  @Override
  public String toString() {
    var done = layers.stream().filter(layer -> layer.phase() == Phase.DONE).count();
    return "pull %s: %d of %d MB, %.1f MB/s, %d of %d layers"
        .formatted(
            reference,
            here() / 1_000_000,
            size() / 1_000_000,
            bytesPerSecond / 1e6,
            done,
            layers.size());
  }
}
