// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import io.criollo.image.registry.ShortNameMode;
import java.nio.file.Path;
import java.util.Optional;

/// What the operator says of registries.
///
/// @param conf `registries.conf`; need not exist
/// @param dropIns its drop-in folder; need not exist
/// @param shortNames counts instead of what the files say of it
public record RegistryFiles(Path conf, Path dropIns, Optional<ShortNameMode> shortNames) {
  /// {@return a file, with its drop-ins in the folder of its name and `.d`, which decides alone}
  public static RegistryFiles of(Path conf) {
    return new RegistryFiles(
        conf, conf.resolveSibling(conf.getFileName() + ".d"), Optional.empty());
  }
}
