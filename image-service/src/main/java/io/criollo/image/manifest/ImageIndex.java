// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.manifest;

import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The same image for several platforms.
public record ImageIndex(List<Entry> entries) implements ManifestDocument {
  /// One image of an index; an absent platform says nothing about where it runs.
  public record Entry(Descriptor descriptor, Optional<Platform> platform) {}

  public ImageIndex {
    entries = List.copyOf(entries);
  }

  /// {@return the entry that runs best on the platform}; among equals the first, one without a
  /// platform only when none names one that fits.
  public Descriptor choose(Platform wanted) throws ImageException {
    Optional<Descriptor> best = Optional.empty();
    var bestRank = Integer.MAX_VALUE;
    for (var entry : entries) {
      var rank = entry.platform().map(wanted::rank).orElse(Integer.MAX_VALUE - 1);
      if (rank >= 0 && rank < bestRank) {
        best = Optional.of(entry.descriptor());
        bestRank = rank;
      }
    }
    return best.orElseThrow(() -> none(wanted));
  }

  private ImageException none(Platform wanted) {
    var offered =
        entries.stream()
            .flatMap(e -> e.platform().stream())
            .map(Platform::toString)
            .limit(20)
            .collect(Collectors.joining(", "));
    return new ImageException(
        Kind.UNSUPPORTED, "image has nothing for " + wanted + ", only for: " + offered);
  }
}
