// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import io.criollo.image.manifest.Platform;
import io.criollo.image.policy.PolicyFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Where images live and how they are found.
///
/// @param certificates folders with one folder for each registry: its certificates, and in those of
///   containerd its `hosts.toml`
/// @param auth the files with credentials
/// @param pinned names that image garbage collection must spare: exact, `name*` or `*word*`
public record ImageSettings(
    Storage storage,
    RegistryFiles registries,
    List<Path> certificates,
    AuthFiles auth,
    SignatureSettings signatures,
    Set<String> pinned,
    Platform platform,
    DownloadLimits limits) {
  public ImageSettings {
    certificates = List.copyOf(certificates);
    pinned = Set.copyOf(pinned);
  }

  /// {@return settings with the system's usual files and this machine's platform}
  public static ImageSettings of(Path root) {
    var containers = Path.of("/etc/containers");
    return new ImageSettings(
        Storage.under(root),
        RegistryFiles.of(containers.resolve("registries.conf")),
        List.of(
            containers.resolve("certs.d"),
            Path.of("/etc/docker/certs.d"),
            Path.of("/etc/containerd/certs.d")),
        AuthFiles.NONE,
        new SignatureSettings(
            new PolicyFiles(containers.resolve("policy.json"), Optional.empty(), Optional.empty()),
            containers.resolve("registries.d")),
        Set.of(),
        Platform.host(),
        DownloadLimits.USUAL);
  }
}
