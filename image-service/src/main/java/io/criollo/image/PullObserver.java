// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import java.time.Duration;

/// Who hears what becomes of pulls, to count it. Called by many threads at once; must not wait.
public interface PullObserver {
  /// Nobody.
  PullObserver NONE = new PullObserver() {};

  /// Bytes of a layer came from a registry.
  default void fetched(int bytes) {}

  /// A layer was fetched and unpacked.
  ///
  /// @param size bytes of the compressed layer
  default void layer(long size) {}

  /// A layer of an image was here before the image was pulled.
  ///
  /// @param size bytes of the compressed layer
  default void reused(long size) {}

  /// An image was pulled. Callers who share a pull count as one.
  default void pulled(Duration took) {}

  /// An image was not pulled.
  ///
  /// @param why a word of few: `CANCELLED` when all callers have left, `IO` when the disk is at
  ///   fault, `INTERNAL` for a bug, else the name of an `ImageException.Kind`
  default void failed(String why) {}
}
