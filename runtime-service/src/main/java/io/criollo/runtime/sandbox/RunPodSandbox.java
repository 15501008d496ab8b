// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.sandbox;

import io.criollo.cri.v1.PodSandboxConfig;
import io.criollo.cri.v1.RunPodSandboxRequest;
import io.criollo.cri.v1.RunPodSandboxResponse;
import io.criollo.runtime.spec.SelinuxLabels;
import io.criollo.runtime.spec.UserNs;
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
  private final HostPorts ports;

  public RunPodSandbox(Pods pods, RuntimeHandlers handlers, PodParts parts) {
    this.pods = pods;
    this.handlers = handlers;
    this.parts = parts;
    this.ports = new HostPorts(pods);
  }

  public RunPodSandboxResponse run(RunPodSandboxRequest request) throws Exception {
    var config = request.getConfig();
    PodChecks.check(config);
    handlers.require(request.getRuntimeHandler());
    parts.files().requirePossible(config, request.getRuntimeHandler());
    parts.init().requirePossible(config, request.getRuntimeHandler());
    var name = Pod.nameOf(config);
    var id = pods.names().claim(name, () -> make(config, request.getRuntimeHandler()));
    pods.find(id.hex()).filter(pod -> !pod.ready()).ifPresent(RunPodSandbox::refuse);
    return RunPodSandboxResponse.newBuilder().setPodSandboxId(id.hex()).build();
  }

  private PodId make(PodSandboxConfig config, String handler) throws Exception {
    parts.network().requirePossible(config);
    try (var _ = ports.claim(config)) {
      return makeAll(config, handler);
    }
  }

  private PodId makeAll(PodSandboxConfig config, String handler) throws Exception {
    var id = freshId();
    var createdAt = Instant.now();
    var hostname = PodHostname.of(id, config);
    try (var undo = new Undo()) {
      undo.add("remove cgroup", () -> parts.cgroups().remove(id));
      var cgroup = parts.cgroups().create(id, config);
      undo.add("remove files", () -> parts.files().remove(id));
      parts.files().create(id, config, handler, hostname);
      undo.add("unpin namespaces", () -> parts.unpin(id));
      undo.add("end init", () -> parts.init().end(id, config, handler, cgroup.path()));
      makeNamespaces(id, new Wish(config, handler, hostname), cgroup.path());
      var addresses = parts.network().attach(id, config);
      undo.add("detach from network", () -> parts.network().abandon(id, config));
      parts.init().start(id, config, handler);
      var place = new PodPlace(hostname, addresses, cgroup.path(), cgroup.own());
      var pod =
          pods.add(new PodRecord(id, config, handler, createdAt, place, new PodState.Ready()));
      undo.keep();
      if (parts.init().stays(config, handler) && !parts.init().alive(id)) {
        pod.lost(); // it ended before the pod was known by its id
      }
      return id;
    }
  }

  /// By the level that is made of it SELinux keeps the pod apart from others.
  private PodId freshId() {
    var id = PodId.random();
    var levels = pods.all().stream().map(pod -> SelinuxLabels.level(pod.id())).toList();
    while (levels.contains(SelinuxLabels.level(id))) {
      id = PodId.random();
    }
    return id;
  }

  private record Wish(PodSandboxConfig config, String handler, String hostname) {}

  /// Those of a user namespace have to be made in it, by another process.
  private void makeNamespaces(PodId id, Wish wish, String cgroup) throws Exception {
    boolean users = UserNs.of(wish.config).isPresent();
    if (!users) {
      parts.namespaces().pin(id, wish.config, wish.hostname);
    }
    if (parts.init().wanted(wish.config, wish.handler)) {
      parts.init().create(id, wish.config, wish.handler, cgroup);
    }
    if (users) {
      parts.namespaces().setUpPinned(id, wish.config, wish.hostname);
    }
  }

  private static void refuse(Pod pod) {
    throw new Refusal.AlreadyExists(
        "pod sandbox " + pod.id() + " has this name and attempt and is stopped; remove it first");
  }
}
