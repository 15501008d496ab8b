// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.cri.v1.SecurityProfile;
import io.criollo.cri.v1.SecurityProfile.ProfileType;
import io.criollo.runtime.state.Refusal;

/// The older, textual form of a security profile, and what holds for every profile.
final class ProfileText {
  private static final String LOCALHOST = "localhost/";

  private ProfileText() {}

  /// @param text "runtime/default", "unconfined", "localhost/" and a name or path; empty is
  ///   unconfined
  static SecurityProfile parse(String field, String text) {
    var profile = SecurityProfile.newBuilder();
    if (text.startsWith(LOCALHOST)) {
      var name = text.substring(LOCALHOST.length());
      return profile.setProfileType(ProfileType.Localhost).setLocalhostRef(name).build();
    }
    return switch (text) {
      case "", "unconfined" -> profile.setProfileType(ProfileType.Unconfined).build();
      case "runtime/default", "docker/default" ->
          profile.setProfileType(ProfileType.RuntimeDefault).build();
      default ->
          throw new Refusal.InvalidArgument(
              field, text, "must be runtime/default, unconfined or localhost/ and a name");
    };
  }

  static void check(String field, SecurityProfile profile) {
    var ref = profile.getLocalhostRef();
    switch (profile.getProfileType()) {
      case Localhost ->
          Check.that(!ref.isEmpty(), field + ".localhost_ref", ref, "must not be empty");
      case RuntimeDefault, Unconfined ->
          Check.that(
              ref.isEmpty(), field + ".localhost_ref", ref, "needs the profile type Localhost");
      case UNRECOGNIZED ->
          throw new Refusal.InvalidArgument(
              field + ".profile_type",
              profile.getProfileTypeValue(),
              "must be RuntimeDefault, Unconfined or Localhost");
    }
  }
}
