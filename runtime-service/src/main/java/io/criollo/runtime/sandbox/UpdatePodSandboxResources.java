// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.sandbox;

import io.criollo.cri.v1.UpdatePodSandboxResourcesRequest;
import io.criollo.cri.v1.UpdatePodSandboxResourcesResponse;
import io.criollo.runtime.state.Pods;
import java.io.IOException;

/// UpdatePodSandboxResources: the kubelet says what the pod's limits are now. It has set those of
/// its own cgroup before; the cgroup of a pod that is in none of the kubelet's is set here.
public final class UpdatePodSandboxResources {
  private final Pods pods;
  private final PodCgroups cgroups;

  public UpdatePodSandboxResources(Pods pods, PodCgroups cgroups) {
    this.pods = pods;
    this.cgroups = cgroups;
  }

  public UpdatePodSandboxResourcesResponse update(UpdatePodSandboxResourcesRequest request)
      throws IOException {
    var pod = pods.require(request.getPodSandboxId()).requireReady();
    synchronized (pod) { // one change of limits at a time
      var next = pod.config().getLinux().toBuilder();
      if (request.hasResources()) {
        next.setResources(request.getResources());
      }
      if (request.hasOverhead()) {
        next.setOverhead(request.getOverhead());
      }
      var written = cgroups.limit(pod, next.build());
      try {
        pod.limited(next.getResources(), next.getOverhead());
      } catch (IOException e) {
        written.undoAfter(e);
        throw e;
      }
    }
    return UpdatePodSandboxResourcesResponse.getDefaultInstance();
  }
}
