// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import io.criollo.conmon.client.MonitorClient;
import io.criollo.conmon.client.MonitorException;
import io.criollo.runtime.state.Container;
import io.criollo.runtime.state.ContainerState.Created;
import io.criollo.runtime.state.ContainerState.Exited;
import io.criollo.runtime.state.ContainerState.Lost;
import io.criollo.runtime.state.ContainerState.Running;
import io.criollo.runtime.state.LiveProcess;
import java.io.IOException;
import java.time.Instant;

/// Containers that were alive when the last daemon went away: what became of them.
public final class LostContainers {
  /// Stands for "unknown", as for containers whose monitor found nobody to ask.
  private static final int UNKNOWN_EXIT = 255;

  private final MonitorClient monitor;

  public LostContainers(MonitorClient monitor) {
    this.monitor = monitor;
  }

  /// Takes the container's end from the monitor, or decides that there was one unseen.
  public void settle(Container container) throws IOException, MonitorException {
    switch (container.state()) {
      case Created(var process) -> settle(container, process);
      case Running(var process, _) -> settle(container, process);
      case Exited _, Lost _ -> {}
    }
  }

  private void settle(Container container, LiveProcess process)
      throws IOException, MonitorException {
    boolean alive = Processes.alive(process);
    var exit = monitor.exit(container.hex()); // asked after: an end in between is not missed
    if (exit.isPresent()) {
      var end = exit.get();
      container.ended(end.at(), end.exitCode(), end.oomKilled(), end.reason());
    } else if (!alive) {
      container.ended(
          Instant.now(), UNKNOWN_EXIT, false, "ended unseen, for example when the node went down");
    }
  }
}
