// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.cri.v1.ContainerConfig;
import io.criollo.cri.v1.LinuxContainerSecurityContext;
import io.criollo.cri.v1.PodSandboxConfig;
import io.criollo.image.manifest.ImageConfig;
import java.util.Map;
import java.util.Optional;

/// All that a container's specification is made from.
///
/// @param pod with the hostname that it got
/// @param podAnnotations the pod's that have an effect, and those that its handler gives to all
public record SpecInput(
    PodSandboxConfig pod,
    ContainerConfig container,
    ImageConfig image,
    PodPaths paths,
    NodeFacts node,
    ContainerUserIds user,
    Map<String, String> podAnnotations) {
  public SpecInput {
    podAnnotations = Map.copyOf(podAnnotations);
  }

  public SpecInput(
      PodSandboxConfig pod,
      ContainerConfig container,
      ImageConfig image,
      PodPaths paths,
      NodeFacts node,
      ContainerUserIds user) {
    this(pod, container, image, paths, node, user, node.defaults().annotations().ofPod(pod));
  }

  LinuxContainerSecurityContext security() {
    return container.getLinux().getSecurityContext();
  }

  /// {@return the pod's user namespace; empty: the node's}
  Optional<UserNs> users() {
    return UserNs.of(pod);
  }

  boolean readOnlyRoot() {
    return security().getReadonlyRootfs() || node.defaults().files().readOnly();
  }

  boolean privileged() {
    return security().getPrivileged();
  }
}
