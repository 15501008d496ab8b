// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.linux.AtomicFile;
import io.criollo.linux.Spawn;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The AppArmor profiles that the kernel knows, and the one of our own.
///
/// @param loaded the kernel's list
/// @param copy what was loaded last, so that a start need not do it again
public record AppArmorProfiles(Path loaded, Path copy) {
  /// The name of our own profile.
  public static final String OWN = "criollo-default";

  /// Stands in the configuration for "no profile".
  public static final String UNCONFINED = "unconfined";

  static final Path LOADED = Path.of("/sys/kernel/security/apparmor/profiles");

  private static final System.Logger LOG = System.getLogger(AppArmorProfiles.class.getName());
  private static final Path ENABLED = Path.of("/sys/module/apparmor/parameters/enabled");
  private static final List<String> PARSERS =
      List.of("/usr/sbin/apparmor_parser", "/sbin/apparmor_parser");
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  public AppArmorProfiles(Path copy) {
    this(LOADED, copy);
  }

  /// Loads our own profile if it is the configured one and the kernel has not got it.
  ///
  /// @param configured name of the profile of containers that ask for none; empty: our own
  /// @return the profile that they get; empty: none, because there is no AppArmor, it is not
  ///   wanted, or it cannot be loaded, which is logged
  public Optional<String> ready(String configured) throws InterruptedException {
    if (configured.equals(UNCONFINED) || !enabled()) {
      return Optional.empty();
    }
    try {
      if (configured.isEmpty() || configured.equals(OWN)) {
        loadOwn();
        return Optional.of(OWN);
      }
      if (isLoaded(configured)) {
        return Optional.of(configured);
      }
      LOG.log(
          Level.WARNING,
          "apparmor_profile {0} is not loaded: containers that name no profile get none",
          configured);
    } catch (IOException e) {
      LOG.log(
          Level.WARNING, "containers that name no AppArmor profile get none: {0}", e.getMessage());
    }
    return Optional.empty();
  }

  private static boolean enabled() {
    try {
      return Files.exists(ENABLED) && Files.readString(ENABLED).startsWith("Y");
    } catch (IOException _) {
      return false;
    }
  }

  boolean isLoaded(String name) throws IOException {
    try (var lines = Files.lines(loaded)) {
      return lines.anyMatch(line -> line.startsWith(name + " ("));
    }
  }

  private void loadOwn() throws IOException, InterruptedException {
    var text = text().getBytes(StandardCharsets.UTF_8);
    if (Files.exists(copy) && Arrays.equals(Files.readAllBytes(copy), text) && isLoaded(OWN)) {
      return;
    }
    var parser =
        PARSERS.stream()
            .filter(path -> Files.isExecutable(Path.of(path)))
            .findFirst()
            .orElseThrow(() -> new IOException("none of " + PARSERS + " is there"));
    var result =
        Spawn.run(
            new Spawn.Command(
                List.of(parser, "--replace", "--skip-cache"),
                Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"),
                Optional.empty(),
                text,
                PATIENCE,
                1 << 16));
    if (result.exitCode() != 0) {
      var said = new String(result.stderr(), StandardCharsets.UTF_8).strip();
      throw new IOException(parser + ": " + said);
    }
    AtomicFile.writeVolatile(copy, text);
  }

  static String text() throws IOException {
    try (var in = AppArmorProfiles.class.getResourceAsStream("apparmor-default")) {
      if (in == null) {
        throw new IOException("the AppArmor profile is missing among the program's files");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("NAME", OWN);
    }
  }
}
