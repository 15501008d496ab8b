// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import io.criollo.cri.v1.ContainerConfig;
import io.criollo.cri.v1.CreateContainerRequest;
import io.criollo.runtime.spec.SelinuxLabels;
import io.criollo.runtime.state.Checks;
import io.criollo.runtime.state.Refusal.InvalidArgument;

/// What a container's configuration may say apart from its OCI specification, checked before
/// anything is made.
final class ContainerChecks {
  private ContainerChecks() {}

  static void check(CreateContainerRequest request) {
    if (!request.hasConfig()) {
      throw new InvalidArgument("config must be set");
    }
    if (!request.hasSandboxConfig()) {
      throw new InvalidArgument("sandbox_config must be set");
    }
    check(request.getConfig());
  }

  private static void check(ContainerConfig config) {
    Checks.name("config.metadata.name", config.getMetadata().getName());
    if (config.getImage().getImage().isEmpty()) {
      throw new InvalidArgument("config.image.image", "", "must not be empty");
    }
    ImageMounts.check(config);
    SelinuxLabels.check(config.getLinux().getSecurityContext().getSelinuxOptions());
    Checks.noControl("config.log_path", config.getLogPath());
    Checks.labels("config.labels", config.getLabelsMap());
    Checks.annotations("config.annotations", config.getAnnotationsMap());
  }
}
