// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.sandbox;

import io.criollo.cri.v1.PodSandboxStatusRequest;
import io.criollo.cri.v1.PodSandboxStatusResponse;
import io.criollo.runtime.container.ContainerMessages;
import io.criollo.runtime.state.Containers;
import io.criollo.runtime.state.Pods;
import io.criollo.runtime.state.Times;
import java.time.Instant;

/// PodSandboxStatus: what is known of one pod.
public final class PodSandboxStatus {
  private final Pods pods;
  private final Containers containers;
  private final PodInfo info;

  public PodSandboxStatus(Pods pods, Containers containers, PodInfo info) {
    this.pods = pods;
    this.containers = containers;
    this.info = info;
  }

  public PodSandboxStatusResponse status(PodSandboxStatusRequest request) {
    var pod = pods.require(request.getPodSandboxId());
    var response =
        PodSandboxStatusResponse.newBuilder()
            .setTimestamp(Times.nanos(Instant.now())) // before what it says is read
            .setStatus(PodMessages.status(pod.record()));
    for (var container : containers.of(pod.id())) {
      response.addContainersStatuses(ContainerMessages.status(container.record()));
    }
    if (request.getVerbose()) {
      response.putAllInfo(info.of(pod));
    }
    return response.build();
  }
}
