// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import io.criollo.image.manifest.Platform;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/// Where images live and how they are found. `root` is the daemon's: images are under
/// `root/images`, container root file systems under `root/containers`.
///
/// @param registriesConf the operator's `registries.conf`; need not exist
/// @param registriesConfDir its drop-in folder; need not exist
/// @param globalAuthFile an `auth.json` used when a request brings no credentials
/// @param pinned names that image garbage collection must spare: exact, `name*` or `*word*`
public record ImageSettings(
    Path root,
    Path registriesConf,
    Path registriesConfDir,
    Optional<Path> globalAuthFile,
    Set<String> pinned,
    Platform platform) {
  public ImageSettings {
    pinned = Set.copyOf(pinned);
  }

  /// {@return settings with the system's usual files and this machine's platform}
  public static ImageSettings of(Path root) {
    var containers = Path.of("/etc/containers");
    return new ImageSettings(
        root,
        containers.resolve("registries.conf"),
        containers.resolve("registries.conf.d"),
        Optional.empty(),
        Set.of(),
        Platform.host());
  }
}
