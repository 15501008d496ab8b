// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.state;

import io.criollo.cri.v1.ContainerConfig;
import java.time.Instant;

/// A container as it is written to disk.
public record ContainerRecord(
    ContainerId id,
    PodId pod,
    ContainerConfig config,
    Instant createdAt,
    ContainerPlace place,
    ContainerState state) {
  public ContainerRecord with(ContainerState next) {
    return new ContainerRecord(id, pod, config, createdAt, place, next);
  }

  public ContainerRecord with(ContainerConfig next) {
    return new ContainerRecord(id, pod, next, createdAt, place, state);
  }
}
