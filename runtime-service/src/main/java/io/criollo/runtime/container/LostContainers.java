// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import com.fasterxml.jackson.databind.ObjectMapper;
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

  private final ObjectMapper json = new ObjectMapper();
  private final MonitorClient monitor;
  private final Runtimes runtimes;

  public LostContainers(ContainerParts parts) {
    this.monitor = parts.monitor();
    this.runtimes = parts.runtimes();
  }

  /// Takes the container's end from the monitor, or decides that there was one unseen.
  public void settle(Container container)
      throws IOException, MonitorException, InterruptedException {
    switch (container.state()) {
      case Created(var process) -> {
        settle(container, process);
        settleStart(container);
      }
      case Running(var process, _) -> settle(container, process);
      case Exited _, Lost _ -> {}
    }
  }

  /// The last daemon may have gone away between the runtime's start and its own note of it. When
  /// that was is not known, only that it was not before the container was made.
  private void settleStart(Container container) throws IOException, InterruptedException {
    if (!container.ended() && isStarted(container)) {
      container.beginStart(container.record().createdAt());
      container.startSucceeded();
    }
  }

  private boolean isStarted(Container container) throws IOException, InterruptedException {
    var state = json.readTree(runtimes.of(container).state(container.hex()));
    return state.path("status").asText().equals("running");
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
