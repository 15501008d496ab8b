// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.sandbox;

import io.criollo.cri.v1.StopPodSandboxRequest;
import io.criollo.cri.v1.StopPodSandboxResponse;
import io.criollo.runtime.container.StopContainer;
import io.criollo.runtime.state.Containers;
import io.criollo.runtime.state.Names;
import io.criollo.runtime.state.Pod;
import io.criollo.runtime.state.PodState;
import io.criollo.runtime.state.Pods;
import io.criollo.runtime.state.Refusal;
import io.criollo.runtime.state.Undo;
import java.time.Duration;

/// StopPodSandbox: kills the containers, gives the addresses back, lets the namespaces go. A pod
/// that is not known or stopped is no error; a stop that failed half-way is finished by the next
/// call.
public final class StopPodSandbox {
  private final Pods pods;
  private final Containers containers;
  private final StopContainer stopContainer;
  private final PodParts parts;
  private final Names<Boolean> underWay = new Names<>();

  public StopPodSandbox(
      Pods pods, Containers containers, StopContainer stopContainer, PodParts parts) {
    this.pods = pods;
    this.containers = containers;
    this.stopContainer = stopContainer;
    this.parts = parts;
  }

  public StopPodSandboxResponse stop(StopPodSandboxRequest request) throws Exception {
    if (request.getPodSandboxId().isEmpty()) {
      throw new Refusal.InvalidArgument("pod_sandbox_id", "", "must not be empty");
    }
    var pod = pods.find(request.getPodSandboxId());
    if (pod.isPresent()) {
      stop(pod.get());
    }
    return StopPodSandboxResponse.getDefaultInstance();
  }

  /// Stops the pod; calls for the same one share the work.
  void stop(Pod pod) throws Exception {
    try {
      underWay.claim(pod.hex(), () -> stopAll(pod));
    } finally {
      underWay.release(pod.hex());
    }
  }

  private boolean stopAll(Pod pod) throws Exception {
    if (pod.state() instanceof PodState.Stopped) {
      return true;
    }
    pod.become(new PodState.Stopping()); // from now on no container is added
    try (var steps = new Undo()) { // runs them in reverse, each whatever became of the others
      steps.add("unpin namespaces", () -> parts.namespaces().unpin(pod.id()));
      steps.add("detach from network", () -> parts.network().detach(pod.id(), pod.config()));
      steps.add("end init", () -> endInit(pod));
      steps.add(
          "stop containers",
          () ->
              InParallel.run(
                  containers.of(pod.id()), one -> stopContainer.stop(one, Duration.ZERO)));
    }
    pod.become(new PodState.Stopped());
    return true;
  }

  private void endInit(Pod pod) throws Exception {
    var record = pod.record();
    parts.init().end(pod.id(), record.config(), record.handler(), record.place().cgroup());
  }
}
