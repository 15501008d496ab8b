// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import io.criollo.cri.v1.ContainerStatusRequest;
import io.criollo.cri.v1.ContainerStatusResponse;
import io.criollo.runtime.state.Containers;

/// ContainerStatus: what is known of one container.
public final class ContainerStatus {
  private final Containers containers;
  private final ContainerInfo info;

  public ContainerStatus(Containers containers, ContainerInfo info) {
    this.containers = containers;
    this.info = info;
  }

  public ContainerStatusResponse status(ContainerStatusRequest request)
      throws InterruptedException {
    var container = containers.require(request.getContainerId());
    var response =
        ContainerStatusResponse.newBuilder()
            .setStatus(ContainerMessages.status(container.record()));
    if (request.getVerbose()) {
      response.putAllInfo(info.of(container));
    }
    return response.build();
  }
}
