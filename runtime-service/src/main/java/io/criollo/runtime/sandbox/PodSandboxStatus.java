// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.sandbox;

import io.criollo.cri.v1.PodSandboxStatusRequest;
import io.criollo.cri.v1.PodSandboxStatusResponse;
import io.criollo.runtime.state.Pods;

/// PodSandboxStatus: what is known of one pod.
public final class PodSandboxStatus {
  private final Pods pods;
  private final PodInfo info;

  public PodSandboxStatus(Pods pods, PodInfo info) {
    this.pods = pods;
    this.info = info;
  }

  public PodSandboxStatusResponse status(PodSandboxStatusRequest request) {
    var pod = pods.require(request.getPodSandboxId());
    var response =
        PodSandboxStatusResponse.newBuilder().setStatus(PodMessages.status(pod.record()));
    if (request.getVerbose()) {
      response.putAllInfo(info.of(pod));
    }
    return response.build();
  }
}
