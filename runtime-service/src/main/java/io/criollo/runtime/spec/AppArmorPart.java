// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.cri.v1.LinuxContainerSecurityContext;
import io.criollo.cri.v1.SecurityProfile;
import io.criollo.runtime.spec.NodeFacts.Feature;
import io.criollo.runtime.state.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The AppArmor profile that the request names; it has to be loaded. Criollo brings no profile of
/// its own, so "runtime default" is none.
final class AppArmorPart {
  private static final String FIELD = "config.linux.security_context.apparmor";
  private static final int LONGEST = 255;
  private static final Path LOADED = Path.of("/sys/kernel/security/apparmor/profiles");

  private static final String LOCALHOST = "localhost/";

  private AppArmorPart() {}

  static @Nullable String of(SpecInput input) {
    var name = name(input.security());
    if (name == null || input.privileged()) {
      return null;
    }
    if (!input.node().has(Feature.APPARMOR)) {
      throw new Refusal.FailedPrecondition(
          FIELD + " " + name + ": AppArmor is not enabled on this node");
    }
    if (!isLoaded(name)) {
      throw new Refusal.FailedPrecondition(
          FIELD + " " + name + ": the profile is not loaded on this node");
    }
    return name;
  }

  private static @Nullable String name(LinuxContainerSecurityContext security) {
    var profile = security.hasApparmor() ? security.getApparmor() : older(security);
    ProfileText.check(FIELD, profile);
    if (profile.getProfileType() != SecurityProfile.ProfileType.Localhost) {
      return null;
    }
    var ref = profile.getLocalhostRef(); // clients of the older field write localhost/NAME here too
    var name = ref.startsWith(LOCALHOST) ? ref.substring(LOCALHOST.length()) : ref;
    Check.that(
        name.length() <= LONGEST, FIELD + ".localhost_ref", name, "must be at most 255 long");
    return Check.noControlCharacters(FIELD + ".localhost_ref", name);
  }

  @SuppressWarnings("deprecation") // old clients set nothing else
  private static SecurityProfile older(LinuxContainerSecurityContext security) {
    return ProfileText.parse(FIELD + "_profile", security.getApparmorProfile());
  }

  private static boolean isLoaded(String name) {
    try (var lines = Files.lines(LOADED)) {
      return lines.anyMatch(line -> line.startsWith(name + " ("));
    } catch (IOException e) {
      throw new Refusal.FailedPrecondition("read " + LOADED + ": " + e.getMessage(), e);
    }
  }
}
