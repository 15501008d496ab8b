// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import io.criollo.cri.v1.ContainerConfig;
import io.criollo.cri.v1.CreateContainerRequest;
import io.criollo.cri.v1.CreateContainerResponse;
import io.criollo.image.mount.RootOwner;
import io.criollo.image.mount.RootView;
import io.criollo.runtime.spec.SelinuxLabels;
import io.criollo.runtime.spec.UserNs;
import io.criollo.runtime.state.Container;
import io.criollo.runtime.state.ContainerId;
import io.criollo.runtime.state.ContainerPlace;
import io.criollo.runtime.state.ContainerRecord;
import io.criollo.runtime.state.ContainerState;
import io.criollo.runtime.state.Containers;
import io.criollo.runtime.state.Pod;
import io.criollo.runtime.state.Pods;
import io.criollo.runtime.state.Undo;
import java.time.Instant;

/// CreateContainer: root file system and OCI bundle; the OCI runtime comes with the start. The same
/// request joins the one under way, or gets the container that it made; a failure leaves nothing
/// behind.
public final class CreateContainer {
  private final Pods pods;
  private final Containers containers;
  private final ContainerParts parts;
  private final ImageMounts imageMounts;

  public CreateContainer(Pods pods, Containers containers, ContainerParts parts) {
    this.pods = pods;
    this.containers = containers;
    this.parts = parts;
    this.imageMounts = new ImageMounts(parts.images(), parts.roots());
  }

  public CreateContainerResponse create(CreateContainerRequest request) throws Exception {
    ContainerChecks.check(request);
    var pod = pods.require(request.getPodSandboxId()).requireReady();
    var config = request.getConfig();
    var name = Container.nameOf(pod.id(), config);
    var id = containers.names().claim(name, () -> make(pod, config));
    return CreateContainerResponse.newBuilder().setContainerId(id.hex()).build();
  }

  private ContainerId make(Pod pod, ContainerConfig config) throws Exception {
    var image = parts.images().find(config.getImage(), namespace(pod));
    var id = ContainerId.random();
    var folder = parts.bundles().logs(pod);
    var log = LogFile.path(folder, config.getLogPath(), id);
    var cgroup = parts.bundles().cgroup(pod, id);
    var handler = parts.runtimes().handlers().require(pod.record().handler());
    try (var undo = new Undo()) {
      undo.add("remove what was made", () -> parts.remains().remove(id, handler.name(), cgroup));
      var view = view(pod, config);
      var rootfs = parts.roots().create(id.hex(), image.id(), view);
      var volumes = imageMounts.mount(id, config, namespace(pod), view);
      var user =
          parts
              .bundles()
              .write(new Bundles.Input(id, pod, volumes.mounted(), image, rootfs, cgroup));
      LogFile.create(folder, log);
      var place =
          new ContainerPlace(
              handler.name(),
              ContainerImages.describe(image, config.getImage()),
              log.toString(),
              cgroup,
              user,
              StopSignal.choose(config.getStopSignal(), image.config().stopSignal()));
      publish(
          new ContainerRecord(
              id, pod.id(), volumes.shown(), Instant.now(), place, new ContainerState.Created()),
          pod);
      undo.keep();
      return id;
    }
  }

  private static String namespace(Pod pod) {
    return pod.config().getMetadata().getNamespace();
  }

  /// The root file system is the pod's user namespace's root's, or the node's.
  private RootView view(Pod pod, ContainerConfig config) throws Exception {
    var owner =
        UserNs.of(pod.config())
            .map(users ->
                new RootOwner(parts.bundles().userNs(pod.id()), users.rootUid(), users.rootGid()));
    return new RootView(owner, parts.bundles().labels(pod, config).map(SelinuxLabels::files));
  }

  /// A pod that is being stopped either sees the new container and stops it, or is seen here.
  private void publish(ContainerRecord record, Pod pod) throws Exception {
    var container = containers.add(record);
    try {
      pod.requireReady();
    } catch (Exception e) {
      containers.remove(container);
      throw e;
    }
  }
}
