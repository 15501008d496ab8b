// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.sandbox;

import io.criollo.cri.v1.PodSandboxConfig;
import io.criollo.cri.v1.RunPodSandboxRequest;
import io.criollo.cri.v1.RunPodSandboxResponse;
import io.criollo.runtime.state.Pod;
import io.criollo.runtime.state.PodId;
import io.criollo.runtime.state.PodPlace;
import io.criollo.runtime.state.PodRecord;
import io.criollo.runtime.state.PodState;
import io.criollo.runtime.state.Pods;
import io.criollo.runtime.state.Refusal;
import io.criollo.runtime.state.RuntimeHandlers;
import io.criollo.runtime.state.Undo;
import java.time.Instant;

/// RunPodSandbox: makes a pod's namespaces, network, files and cgroup. The same request joins the
/// one under way, or gets the pod that it made; a failure leaves nothing behind.
public final class RunPodSandbox {
  private final Pods pods;
  private final RuntimeHandlers handlers;
  private final PodParts parts;

  public RunPodSandbox(Pods pods, RuntimeHandlers handlers, PodParts parts) {
    this.pods = pods;
    this.handlers = handlers;
    this.parts = parts;
  }

  public RunPodSandboxResponse run(RunPodSandboxRequest request) throws Exception {
    var config = request.getConfig();
    PodChecks.check(config);
    handlers.require(request.getRuntimeHandler());
    var name = Pod.nameOf(config);
    var id = pods.names().claim(name, () -> make(config, request.getRuntimeHandler()));
    pods.find(id.hex()).filter(pod -> !pod.ready()).ifPresent(RunPodSandbox::refuse);
    return RunPodSandboxResponse.newBuilder().setPodSandboxId(id.hex()).build();
  }

  private PodId make(PodSandboxConfig config, String handler) throws Exception {
    var id = PodId.random();
    var createdAt = Instant.now();
    var hostname = PodHostname.of(id, config);
    try (var undo = new Undo()) {
      var cgroup = parts.cgroups().create(id, config);
      undo.add("remove cgroup", () -> parts.cgroups().remove(cgroup.own()));
      undo.add("remove files", () -> parts.files().remove(id));
      parts.files().create(id, config, hostname);
      undo.add("unpin namespaces", () -> parts.namespaces().unpin(id));
      parts.namespaces().pin(id, config, hostname);
      undo.add("end init", () -> endInit(id, config, handler, cgroup.path()));
      startInit(id, config, handler, cgroup.path());
      undo.add("detach from network", () -> parts.network().abandon(id, config));
      var addresses = parts.network().attach(id, config);
      var place = new PodPlace(hostname, addresses, cgroup.path(), cgroup.own());
      var pod =
          pods.add(new PodRecord(id, config, handler, createdAt, place, new PodState.Ready()));
      undo.keep();
      if (PodInit.wanted(config) && !parts.init().alive(id)) {
        pod.lost(); // it ended before the pod was known by its id
      }
      return id;
    }
  }

  private void startInit(PodId id, PodSandboxConfig config, String handler, String cgroup)
      throws Exception {
    if (PodInit.wanted(config)) {
      parts.init().start(id, handler, cgroup);
    }
  }

  private void endInit(PodId id, PodSandboxConfig config, String handler, String cgroup)
      throws Exception {
    if (PodInit.wanted(config)) {
      parts.init().end(id, handler, cgroup);
    }
  }

  private static void refuse(Pod pod) {
    throw new Refusal.AlreadyExists(
        "pod sandbox " + pod.id() + " has this name and attempt and is stopped; remove it first");
  }
}
