// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.criollo.cri.v1.SecurityProfile;
import io.criollo.linux.Fd;
import io.criollo.linux.LinuxException;
import io.criollo.linux.OpenFlags;
import io.criollo.runtime.spec.NodeFacts.Feature;
import io.criollo.runtime.state.Refusal;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The system call filter: none when the request says nothing, the built-in profile (or what the
/// configuration has in its place), or a file of the host. A privileged container has none but what
/// the configuration has for it.
final class SeccompPart {
  private static final String FIELD = "config.linux.security_context.seccomp";
  private static final int LARGEST = 1 << 20;

  private SeccompPart() {}

  static @Nullable OciSeccomp of(SpecInput input) {
    var profile = profile(input);
    ProfileText.check(FIELD, profile);
    if (input.privileged()) {
      return privileged(input).map(own -> own.profile().filter(bounding(input))).orElse(null);
    }
    var capabilities = bounding(input);
    return switch (profile.getProfileType()) {
      case Unconfined, UNRECOGNIZED -> null;
      case RuntimeDefault ->
          input.node().has(Feature.SECCOMP) ? usual(input).filter(capabilities) : null;
      case Localhost -> localhost(input, profile.getLocalhostRef()).filter(capabilities);
    };
  }

  private static Set<String> bounding(SpecInput input) {
    return Set.copyOf(CapabilityPart.of(input).bounding());
  }

  private static Optional<DefaultSeccomp> privileged(SpecInput input) {
    var configured = input.node().defaults().security().privilegedSeccomp();
    return configured.filter(_ -> input.node().has(Feature.SECCOMP));
  }

  private static SeccompProfile usual(SpecInput input) {
    return input
        .node()
        .defaults()
        .security()
        .seccomp()
        .map(DefaultSeccomp::profile)
        .orElseGet(SeccompProfile::builtIn);
  }

  @SuppressWarnings("deprecation") // old clients set nothing but the path
  private static SecurityProfile profile(SpecInput input) {
    return input.security().hasSeccomp()
        ? input.security().getSeccomp()
        : ProfileText.parse(FIELD + "_profile_path", input.security().getSeccompProfilePath());
  }

  private static SeccompProfile localhost(SpecInput input, String ref) {
    var path = Check.absolutePath(FIELD + ".localhost_ref", ref);
    if (!input.node().has(Feature.SECCOMP)) {
      throw new Refusal.FailedPrecondition(
          FIELD + " " + path + ": this kernel has no seccomp filters");
    }
    try {
      return SeccompProfile.parse(read(path));
    } catch (IOException e) {
      throw new Refusal.InvalidArgument(
          FIELD + ".localhost_ref", path, "cannot be used: " + reason(e));
    }
  }

  private static @Nullable String reason(IOException e) {
    return e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
  }

  private static byte[] read(String path) throws LinuxException {
    try (var file =
        Fd.open(
            Check.hostPath(FIELD + ".localhost_ref", path),
            OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK,
            0)) {
      Check.that(
          file.stat().isRegularFile(), FIELD + ".localhost_ref", path, "must be a regular file");
      return file.readAll(LARGEST);
    }
  }
}
