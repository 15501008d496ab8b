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
/// call. Plugins that fail again then hold no pod up: they are asked again in the background.
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
  private void stop(Pod pod) throws Exception {
    underWay.share(
        pod.hex(),
        () -> {
          switch (pod.state()) {
            case PodState.Ready() ->
                stopAll(pod, () -> parts.network().detach(pod.id(), pod.config()));
            case PodState.Stopping() -> leave(pod);
            case PodState.Stopped() -> {}
          }
          return true;
        });
  }

  /// The same for a pod that is removed next, which no plugin may prevent, nor a stop under way
  /// that fails for one.
  void stopForGood(Pod pod) throws Exception {
    underWay.shareSuccess(
        pod.hex(),
        () -> {
          if (!(pod.state() instanceof PodState.Stopped)) {
            leave(pod);
          }
          return true;
        });
  }

  private void leave(Pod pod) throws Exception {
    stopAll(pod, () -> parts.network().leave(pod.id(), pod.config()));
  }

  private void stopAll(Pod pod, Undo.Step detach) throws Exception {
    pod.become(new PodState.Stopping()); // from now on no container is added
    try (var steps = new Undo()) { // runs them in reverse, each whatever became of the others
      steps.add(
          "detach from network",
          () -> {
            detach.run();
            parts.unpin(pod.id()); // not before: without them some plugins leave things behind
          });
      steps.add("end init", () -> endInit(pod));
      steps.add(
          "stop containers",
          () ->
              InParallel.run(
                  containers.of(pod.id()), one -> stopContainer.stop(one, Duration.ZERO)));
    }
    pod.become(new PodState.Stopped());
  }

  private void endInit(Pod pod) throws Exception {
    var record = pod.record();
    parts.init().end(pod.id(), record.config(), record.handler(), record.place().cgroup());
  }
}
