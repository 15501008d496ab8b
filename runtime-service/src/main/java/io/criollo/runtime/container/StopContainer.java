// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import io.criollo.conmon.client.MonitorClient;
import io.criollo.conmon.client.MonitorException;
import io.criollo.cri.v1.StopContainerRequest;
import io.criollo.cri.v1.StopContainerResponse;
import io.criollo.linux.LinuxException;
import io.criollo.linux.Signals;
import io.criollo.linux.cgroup.CgroupDriver;
import io.criollo.runtime.state.Container;
import io.criollo.runtime.state.ContainerState.Created;
import io.criollo.runtime.state.ContainerState.Exited;
import io.criollo.runtime.state.ContainerState.Lost;
import io.criollo.runtime.state.ContainerState.Running;
import io.criollo.runtime.state.Containers;
import io.criollo.runtime.state.LiveProcess;
import io.criollo.runtime.state.Refusal;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;

/// StopContainer: asks, waits, kills. A container that has ended or is not known is no error; a
/// later call with less patience shortens the wait of those under way.
public final class StopContainer {
  /// Killing can only take long when the kernel is stuck, for example on a dead network file
  /// system.
  private static final Duration KILL_PATIENCE = Duration.ofSeconds(90);

  private static final long LONGEST_SECONDS = Integer.MAX_VALUE;
  private static final int KILLED = 128 + Signals.SIGKILL;
  private static final System.Logger LOG = System.getLogger(StopContainer.class.getName());

  private final Containers containers;
  private final CgroupDriver cgroups;
  private final MonitorClient monitor;
  private final SendSignal signals;

  public StopContainer(
      Containers containers, CgroupDriver cgroups, MonitorClient monitor, SendSignal signals) {
    this.cgroups = cgroups;
    this.containers = containers;
    this.monitor = monitor;
    this.signals = signals;
  }

  public StopContainerResponse stop(StopContainerRequest request)
      throws IOException, InterruptedException {
    if (request.getContainerId().isEmpty()) {
      throw new Refusal.InvalidArgument("container_id", "", "must not be empty");
    }
    var container = containers.find(request.getContainerId());
    if (container.isPresent()) {
      stop(
          container.get(),
          Duration.ofSeconds(Math.clamp(request.getTimeout(), 0, LONGEST_SECONDS)));
    }
    return StopContainerResponse.getDefaultInstance();
  }

  /// Ends the container. When this returns nothing of it runs.
  public void stop(Container container, Duration grace) throws IOException, InterruptedException {
    switch (container.state()) {
      case Created _ -> endUnstarted(container, grace);
      case Running(var process, _) -> {
        if (!asked(container, process, grace)) {
          kill(container, process);
        }
      }
      case Exited _, Lost _ -> {}
    }
    killRest(container);
  }

  /// A start that is under way may take as long as the container would be given to end; then the
  /// OCI runtime is ended.
  private void endUnstarted(Container container, Duration grace)
      throws IOException, InterruptedException {
    while (!container.endUnstarted(Instant.now(), KILLED)) {
      if (!container.awaitStart(grace)) {
        endStart(container);
      }
      if (!(container.state() instanceof Created)) {
        stop(container, grace);
        return;
      }
    }
  }

  private void endStart(Container container) throws InterruptedException {
    try {
      monitor.forget(container.hex());
    } catch (MonitorException e) { // for one, because it has just been started
      LOG.log(Level.DEBUG, "end the start of {0}: {1}", container.id(), e.getMessage());
    }
    if (!container.awaitStart(KILL_PATIENCE)) {
      throw new Refusal.DeadlineExceeded(
          "container "
              + container.id()
              + " is still being started "
              + KILL_PATIENCE.toSeconds()
              + " s after the OCI runtime was ended");
    }
  }

  private boolean asked(Container container, LiveProcess process, Duration grace)
      throws IOException, InterruptedException {
    long until = System.nanoTime() + grace.toNanos();
    if (!grace.isZero()) {
      var _ =
          signals.to(
              container, process, StopSignal.number(container.record().place().stopSignal()));
    }
    return container.awaitEnd(until);
  }

  private void kill(Container container, LiveProcess process)
      throws IOException, InterruptedException {
    var unsent = signals.to(container, process, Signals.SIGKILL);
    killRest(container);
    if (!container.awaitEnd(KILL_PATIENCE)) {
      throw new Refusal.DeadlineExceeded(
          "container "
              + container.id()
              + " is still there "
              + KILL_PATIENCE.toSeconds()
              + " s after SIGKILL"
              + unsent.map(reason -> ", which did not reach it: " + reason).orElse(""));
    }
  }

  /// With the node's or a shared PID namespace other processes outlive the first one.
  private void killRest(Container container) throws LinuxException {
    cgroups.at(container.record().place().cgroup()).kill();
  }
}
