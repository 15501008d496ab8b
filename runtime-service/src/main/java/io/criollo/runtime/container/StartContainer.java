// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import io.criollo.conmon.client.MonitorException;
import io.criollo.conmon.protocol.ContainerStdio;
import io.criollo.conmon.protocol.CreateRequest;
import io.criollo.conmon.protocol.FailureKind;
import io.criollo.conmon.protocol.StreamOwner;
import io.criollo.cri.v1.StartContainerRequest;
import io.criollo.cri.v1.StartContainerResponse;
import io.criollo.linux.LinuxException;
import io.criollo.runtime.spec.UserNs;
import io.criollo.runtime.state.Container;
import io.criollo.runtime.state.Containers;
import io.criollo.runtime.state.Pod;
import io.criollo.runtime.state.Pods;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/// StartContainer: lets the OCI runtime run a created container, through the monitor. What the
/// runtime refuses has ended with [the code of
/// containerd][io.criollo.runtime.state.ContainerState.Exited#NOT_STARTED] and the runtime's words;
/// after any other failure the container is as it was and may be started again.
public final class StartContainer {
  private final Pods pods;
  private final Containers containers;
  private final ContainerParts parts;
  private final LogOptions logs;

  public StartContainer(Pods pods, Containers containers, ContainerParts parts, LogOptions logs) {
    this.pods = pods;
    this.containers = containers;
    this.parts = parts;
    this.logs = logs;
  }

  public StartContainerResponse start(StartContainerRequest request) throws Exception {
    var container = containers.require(request.getContainerId());
    var pod = pods.require(container.pod().hex()).requireReady();
    begin(container);
    try {
      parts.bundles().requireTarget(container);
      var process = parts.monitor().run(request(pod, container));
      container.startSucceeded(Processes.of(process));
    } catch (Exception e) {
      failed(container, e);
      throw e;
    }
    return StartContainerResponse.getDefaultInstance();
  }

  /// Not while its limits are being changed, which would miss either the bundle or the cgroup.
  private static void begin(Container container) throws InterruptedException {
    container.limits().lockInterruptibly();
    try {
      container.beginStart(Instant.now());
    } finally {
      container.limits().unlock();
    }
  }

  private CreateRequest request(Pod pod, Container container)
      throws LinuxException, InterruptedException {
    var config = container.config();
    var place = container.record().place();
    var stdio =
        new ContainerStdio(
            Optional.of(Path.of(place.logPath())),
            logs.of(pod, config),
            streamOwner(pod),
            config.getTty(),
            config.getStdin(),
            config.getStdinOnce());
    return new CreateRequest(
        container.hex(),
        parts.bundles().folder(container.id()),
        parts.runtimes().of(container).settings(),
        stdio,
        parts.bundles().cgroupFolder(place.cgroup()),
        parts.runtimes().waits(place.handler()));
  }

  private static StreamOwner streamOwner(Pod pod) {
    return UserNs.of(pod.config())
        .map(users -> new StreamOwner(users.rootUid(), users.rootGid()))
        .orElse(StreamOwner.ROOT);
  }

  /// Removes what the runtime has left; meanwhile nobody else can start it.
  private void failed(Container container, Exception e) {
    try {
      parts.remains().removeRun(container);
      if (e instanceof MonitorException failure && failure.kind() == FailureKind.RUNTIME) {
        container.startRefused(Instant.now(), String.valueOf(e.getMessage()));
      }
    } catch (Exception other) {
      e.addSuppressed(other);
    } finally {
      container.startFailed();
    }
  }
}
