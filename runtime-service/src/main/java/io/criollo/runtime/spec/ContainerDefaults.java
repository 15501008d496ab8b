// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What the configuration says of all containers.
///
/// @param capabilities names with or without "CAP_", of containers whose pod names none
/// @param rlimits one for each kind at most
/// @param appArmorProfile of containers that name none; empty: they are not confined
/// @param cdiSpecDirs folders that describe devices; a later one goes before an earlier one
/// @param imageVolumes what becomes of the VOLUME paths of images
/// @param selinux whether SELinux is used where the node has it
/// @param extras what the configuration adds to the usual
public record ContainerDefaults(
    List<String> capabilities,
    List<Rlimit> rlimits,
    Optional<String> appArmorProfile,
    List<Path> cdiSpecDirs,
    VolumeMode imageVolumes,
    boolean selinux,
    Extras extras) {
  /// What few configurations have.
  ///
  /// @param env `NAME=VALUE`, for containers whose image and request have no such name
  /// @param readOnly whether every container has a read-only root, with `/run`, `/tmp` and
  ///   `/var/tmp` to write to
  /// @param neededSources paths of the host that are not made when a mount names them
  /// @param seccomp the profile of "runtime default"; empty: the built-in one
  public record Extras(
      List<String> env,
      boolean readOnly,
      List<Path> neededSources,
      Optional<DefaultSeccomp> seccomp) {
    public static final Extras NONE = new Extras(List.of(), false, List.of(), Optional.empty());

    public Extras {
      env = List.copyOf(env);
      neededSources = List.copyOf(neededSources);
    }
  }

  public ContainerDefaults {
    capabilities = List.copyOf(capabilities);
    rlimits = List.copyOf(rlimits);
    cdiSpecDirs = List.copyOf(cdiSpecDirs);
  }
}
