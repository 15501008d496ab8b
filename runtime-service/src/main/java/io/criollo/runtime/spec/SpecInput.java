// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.cri.v1.ContainerConfig;
import io.criollo.cri.v1.LinuxContainerSecurityContext;
import io.criollo.cri.v1.PodSandboxConfig;
import io.criollo.image.manifest.ImageConfig;

/// All that a container's specification is made from.
public record SpecInput(
    PodSandboxConfig pod,
    ContainerConfig container,
    ImageConfig image,
    PodPaths paths,
    NodeFacts node,
    ContainerUserIds user) {
  LinuxContainerSecurityContext security() {
    return container.getLinux().getSecurityContext();
  }

  boolean privileged() {
    return security().getPrivileged();
  }
}
