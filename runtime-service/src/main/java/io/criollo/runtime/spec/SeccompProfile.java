// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A seccomp profile as people write it: the OCI form, or the wider one with `archMap`, `includes`
/// and `excludes`. [#filter] makes the OCI form of it for one container.
record SeccompProfile(
    String defaultAction,
    @Nullable Integer defaultErrnoRet,
    List<String> architectures,
    List<ArchMap> archMap,
    List<String> flags,
    @Nullable String listenerPath,
    @Nullable String listenerMetadata,
    List<Group> syscalls) {
  SeccompProfile {
    architectures = OciJson.present(architectures);
    archMap = OciJson.present(archMap);
    flags = OciJson.present(flags);
    syscalls = OciJson.present(syscalls);
  }

  record ArchMap(String architecture, List<String> subArchitectures) {
    ArchMap {
      subArchitectures = OciJson.present(subArchitectures);
    }
  }

  /// @param name the old form of one name
  record Group(
      @Nullable String name,
      List<String> names,
      String action,
      @Nullable Integer errnoRet,
      List<Argument> args,
      @Nullable Condition includes,
      @Nullable Condition excludes) {
    Group {
      names = OciJson.present(names);
      args = OciJson.present(args);
    }
  }

  record Argument(int index, BigInteger value, @Nullable BigInteger valueTwo, String op) {}

  record Condition(List<String> caps, List<String> arches, @Nullable String minKernel) {
    Condition {
      caps = OciJson.present(caps);
      arches = OciJson.present(arches);
    }
  }

  /// {@return the profile of "runtime default"}
  static SeccompProfile builtIn() {
    return BuiltIn.PROFILE;
  }

  static SeccompProfile parse(byte[] json) throws IOException {
    var profile = OciJson.read(json, SeccompProfile.class);
    SeccompWords.check(profile);
    return profile;
  }

  /// @param capabilities the container's bounding set
  OciSeccomp filter(Set<String> capabilities) {
    return SeccompFilter.of(this, capabilities);
  }

  private static final class BuiltIn {
    static final SeccompProfile PROFILE = read();

    private static SeccompProfile read() {
      try (var resource = SeccompProfile.class.getResourceAsStream("seccomp-default.json")) {
        return parse(Objects.requireNonNull(resource).readAllBytes());
      } catch (IOException e) {
        throw new UncheckedIOException("read the built-in seccomp profile", e);
      }
    }
  }
}
