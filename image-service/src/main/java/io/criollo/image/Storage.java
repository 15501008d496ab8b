// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import io.criollo.image.mount.UpperLimit;
import java.nio.file.Path;

/// Where images and containers are kept; they may be on different file systems.
///
/// @param images folder of layers, configurations and names
/// @param containers folder of what containers write
public record Storage(Path images, Path containers, UpperLimit limit) {
  /// {@return both under one folder, without a limit}
  public static Storage under(Path root) {
    return new Storage(root.resolve("images"), root.resolve("containers"), UpperLimit.NONE);
  }
}
