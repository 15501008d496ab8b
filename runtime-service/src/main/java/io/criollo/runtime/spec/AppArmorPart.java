// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.cri.v1.LinuxContainerSecurityContext;
import io.criollo.cri.v1.SecurityProfile;
import io.criollo.runtime.spec.NodeFacts.Feature;
import io.criollo.runtime.state.Refusal;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The AppArmor profile that the request names, or that of the node's configuration for "runtime
/// default" and where it names none. It has to be loaded.
final class AppArmorPart {
  private static final String FIELD = "config.linux.security_context.apparmor";
  private static final String OPTION = "apparmor_profile";
  private static final int LONGEST = 255;
  private static final String LOCALHOST = "localhost/";

  private AppArmorPart() {}

  static @Nullable String of(SpecInput input) {
    var security = input.security();
    var profile = security.hasApparmor() ? security.getApparmor() : older(security);
    ProfileText.check(FIELD, profile);
    return switch (profile.getProfileType()) {
      case Localhost -> {
        var name = checked(profile);
        yield input.privileged() ? null : loaded(input, FIELD, name);
      }
      case RuntimeDefault -> usual(input);
      case Unconfined -> isNamed(security) ? null : usual(input);
      case UNRECOGNIZED -> throw new IllegalStateException("checked before");
    };
  }

  /// {@return whether the request says anything of AppArmor}
  @SuppressWarnings("deprecation") // old clients set nothing else
  private static boolean isNamed(LinuxContainerSecurityContext security) {
    return security.hasApparmor() || !security.getApparmorProfile().isEmpty();
  }

  private static @Nullable String usual(SpecInput input) {
    var profile = input.node().defaults().security().appArmorProfile();
    return profile.isEmpty() || input.privileged() ? null : loaded(input, OPTION, profile.get());
  }

  /// @param from which field or option names it
  private static String loaded(SpecInput input, String from, String name) {
    if (!input.node().has(Feature.APPARMOR)) {
      throw new Refusal.FailedPrecondition(
          from + " " + name + ": AppArmor is not enabled on this node");
    }
    try {
      if (AppArmorProfiles.isLoaded(name)) {
        return name;
      }
    } catch (IOException e) {
      throw new Refusal.FailedPrecondition(
          from + " " + name + ": the loaded profiles cannot be read: " + e.getMessage(), e);
    }
    throw new Refusal.FailedPrecondition(
        from + " " + name + ": the profile is not loaded on this node");
  }

  private static String checked(SecurityProfile profile) {
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
}
