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
public record ContainerDefaults(
    List<String> capabilities,
    List<Rlimit> rlimits,
    Optional<String> appArmorProfile,
    List<Path> cdiSpecDirs,
    VolumeMode imageVolumes,
    boolean selinux) {
  public ContainerDefaults {
    capabilities = List.copyOf(capabilities);
    rlimits = List.copyOf(rlimits);
    cdiSpecDirs = List.copyOf(cdiSpecDirs);
  }
}
