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
/// @param enabled says Y where the node has AppArmor
/// @param loaded the kernel's list
/// @param copy what was loaded last, so that a start need not do it again
public record AppArmorProfiles(Path enabled, Path loaded, Path copy) {
  /// The name of our own profile.
  public static final String OWN = "criollo-default";

  /// Stands in the configuration for "no profile".
  public static final String UNCONFINED = "unconfined";

  /// What configurations of CRI-O call the runtime's own profile.
  private static final String OWN_OF_CRIO = "crio-default";

  private static final Path LOADED = Path.of("/sys/kernel/security/apparmor/profiles");

  private static final System.Logger LOG = System.getLogger(AppArmorProfiles.class.getName());
  private static final Path ENABLED = Path.of("/sys/module/apparmor/parameters/enabled");
  private static final List<String> PARSERS =
      List.of("/usr/sbin/apparmor_parser", "/sbin/apparmor_parser");
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  public AppArmorProfiles(Path copy) {
    this(ENABLED, LOADED, copy);
  }

  /// Loads our own profile if it is the configured one and the kernel has not got it. Another one
  /// may be loaded later.
  ///
  /// @param configured name of the profile of containers that ask for none; empty: our own, if it
  ///   can be loaded
  /// @return the profile that they need; empty: none, because there is no AppArmor, it is not
  ///   wanted, or there is none by default, which is logged
  public Optional<String> ready(String configured) throws InterruptedException {
    if (configured.equals(UNCONFINED) || !isEnabled()) {
      return Optional.empty();
    }
    if (configured.isEmpty()) {
      return isReady(OWN, "containers that name no AppArmor profile get none")
          ? Optional.of(OWN)
          : Optional.empty();
    }
    var name = configured.equals(OWN_OF_CRIO) ? OWN : configured;
    var _ = isReady(name, "apparmor_profile: containers are refused until it is loaded");
    return Optional.of(name);
  }

  /// @param otherwise what is logged before the reason why it is not
  private boolean isReady(String name, String otherwise) throws InterruptedException {
    try {
      if (name.equals(OWN)) {
        loadOwn();
      } else if (!isIn(loaded, name)) {
        throw new IOException(name + " is not loaded");
      }
      return true;
    } catch (IOException e) {
      LOG.log(Level.WARNING, "{0}: {1}", otherwise, e.getMessage());
      return false;
    }
  }

  private boolean isEnabled() {
    try {
      return Files.exists(enabled) && Files.readString(enabled).startsWith("Y");
    } catch (IOException _) {
      return false;
    }
  }

  /// {@return whether the kernel has a profile of this name now}
  static boolean isLoaded(String name) throws IOException {
    return isIn(LOADED, name);
  }

  private static boolean isIn(Path list, String name) throws IOException {
    try (var lines = Files.lines(list)) {
      return lines.anyMatch(line -> line.startsWith(name + " ("));
    }
  }

  private void loadOwn() throws IOException, InterruptedException {
    var text = text().getBytes(StandardCharsets.UTF_8);
    if (Files.exists(copy) && Arrays.equals(Files.readAllBytes(copy), text) && isIn(loaded, OWN)) {
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
