// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.sandbox;

import io.criollo.cri.v1.RemovePodSandboxRequest;
import io.criollo.cri.v1.RemovePodSandboxResponse;
import io.criollo.runtime.container.RemoveContainer;
import io.criollo.runtime.state.Containers;
import io.criollo.runtime.state.Names;
import io.criollo.runtime.state.Pod;
import io.criollo.runtime.state.Pods;
import io.criollo.runtime.state.Refusal;

/// RemovePodSandbox: stops the pod if need be and removes it with its containers; nothing of it
/// stays on the node.
public final class RemovePodSandbox {
  private final Pods pods;
  private final Containers containers;
  private final StopPodSandbox stop;
  private final RemoveContainer removeContainer;
  private final PodParts parts;
  private final Names<Boolean> underWay = new Names<>();

  public RemovePodSandbox(
      Pods pods,
      Containers containers,
      StopPodSandbox stop,
      RemoveContainer removeContainer,
      PodParts parts) {
    this.pods = pods;
    this.containers = containers;
    this.stop = stop;
    this.removeContainer = removeContainer;
    this.parts = parts;
  }

  public RemovePodSandboxResponse remove(RemovePodSandboxRequest request) throws Exception {
    if (request.getPodSandboxId().isEmpty()) {
      throw new Refusal.InvalidArgument("pod_sandbox_id", "", "must not be empty");
    }
    var pod = pods.find(request.getPodSandboxId());
    if (pod.isPresent()) {
      underWay.share(pod.get().hex(), () -> removeAll(pod.get()));
    }
    return RemovePodSandboxResponse.getDefaultInstance();
  }

  private boolean removeAll(Pod pod) throws Exception {
    stop.stopForGood(pod);
    InParallel.run(containers.of(pod.id()), removeContainer::remove);
    removeContainer.finish(pod.id());
    parts.files().remove(pod.id());
    parts.cgroups().remove(pod.id());
    pods.remove(pod);
    return true;
  }
}
