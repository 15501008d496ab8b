// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.mount;

import io.criollo.image.reference.ImageId;
import java.nio.file.Path;

/// A container's root file system.
///
/// @param path where it is mounted
/// @param upper what the container wrote
public record RootFilesystem(String containerId, ImageId image, Path path, Path upper) {

  /// {@return the folder, which is made by who needs it, of directories that are mounted into the
  /// container}; it goes with the root file system, and counts as what the container wrote
  public Path volumes() {
    return upper.resolveSibling(RootFilesystems.VOLUMES);
  }
}
