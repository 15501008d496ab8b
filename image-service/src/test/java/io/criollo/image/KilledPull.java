// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import io.criollo.image.manifest.Platform;
import io.criollo.image.registry.Timeouts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A process that pulls one image, so that a test can kill it.
final class KilledPull {
  static final Timeouts QUICK =
      new Timeouts(
          Duration.ofSeconds(20),
          Duration.ofSeconds(2),
          Duration.ofSeconds(20),
          Duration.ofSeconds(20),
          Duration.ofMillis(10));

  private KilledPull() {}

  /// Takes the store's folder, `registries.conf` and the image's name.
  public static void main(String[] arguments) throws Exception {
    try (var images = Images.open(settings(Path.of(arguments[0]), Path.of(arguments[1])), QUICK)) {
      images.pullImage().pull(new PullRequest(arguments[2], Optional.empty(), ""));
    }
  }

  static ImageSettings settings(Path root, Path registriesConf) {
    return new ImageSettings(
        Storage.under(root),
        RegistryFiles.of(registriesConf),
        List.of(),
        AuthFiles.NONE,
        TestStore.signatures(registriesConf.resolveSibling("none")),
        Set.of(),
        new Platform("linux", "amd64", ""),
        DownloadLimits.USUAL);
  }

  static Process start(Path root, Path registriesConf, String reference) throws IOException {
    var java = Path.of(System.getProperty("java.home"), "bin/java").toString();
    var command =
        List.of(
            java,
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            KilledPull.class.getName(),
            root.toString(),
            registriesConf.toString(),
            reference);
    return new ProcessBuilder(command).inheritIO().start();
  }
}
