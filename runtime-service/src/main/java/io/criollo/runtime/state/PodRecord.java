// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.state;

import io.criollo.cri.v1.NamespaceMode;
import io.criollo.cri.v1.NamespaceOption;
import io.criollo.cri.v1.PodSandboxConfig;
import java.time.Instant;

/// A pod as it is written to disk.
public record PodRecord(
    PodId id,
    PodSandboxConfig config,
    String handler,
    Instant createdAt,
    PodPlace place,
    PodState state) {
  public PodRecord with(PodState next) {
    return new PodRecord(id, config, handler, createdAt, place, next);
  }

  public PodRecord with(PodSandboxConfig next) {
    return new PodRecord(id, next, handler, createdAt, place, state);
  }

  public NamespaceOption namespaces() {
    return config.getLinux().getSecurityContext().getNamespaceOptions();
  }

  public boolean hostNetwork() {
    return namespaces().getNetwork() == NamespaceMode.NODE;
  }

  public boolean hostIpc() {
    return namespaces().getIpc() == NamespaceMode.NODE;
  }
}
