// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import io.criollo.conmon.client.MonitorClient;
import io.criollo.conmon.client.MonitorException;
import io.criollo.conmon.protocol.FailureKind;
import io.criollo.conmon.protocol.MonitoredContainer;
import io.criollo.runtime.state.Container;
import io.criollo.runtime.state.ContainerState.Created;
import io.criollo.runtime.state.ContainerState.Exited;
import io.criollo.runtime.state.ContainerState.Lost;
import io.criollo.runtime.state.ContainerState.Running;
import io.criollo.runtime.state.LiveProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Optional;

/// Containers that were alive when the last daemon went away: what became of them.
public final class LostContainers {
  /// Stands for "unknown", as for containers whose monitor found nobody to ask.
  static final int UNKNOWN_EXIT = 255;

  static final String UNSEEN = "ended unseen, for example when the node went down";

  private final MonitorClient monitor;
  private final Bundles bundles;
  private final Remains remains;

  public LostContainers(ContainerParts parts) {
    this.monitor = parts.monitor();
    this.bundles = parts.bundles();
    this.remains = parts.remains();
  }

  /// Takes the container's end from the monitor, or decides that there was one unseen.
  public void settle(Container container) throws Exception {
    switch (container.state()) {
      case Created _ -> settleStart(container);
      case Running(var process, _) -> settle(container, process);
      case Exited _, Lost _ -> {}
    }
  }

  /// The last daemon may have gone away between a start and its own note of it. When that was is
  /// not known, only that it was not before the container was made.
  private void settleStart(Container container) throws Exception {
    var run = monitor.find(container.hex());
    if (run.isEmpty()) {
      run = afterEndOfStart(container);
    }
    if (run.isPresent()) {
      var process = Processes.of(run.get().process());
      container.beginStart(container.record().createdAt());
      container.startSucceeded(process);
      settle(container, process);
    } else if (Files.exists(bundles.folder(container.id()))) {
      remains.removeRun(container);
    } else {
      container.ended(Instant.now(), UNKNOWN_EXIT, false, UNSEEN);
    }
  }

  /// Nobody hears any more of a start that is under way: it is ended.
  ///
  /// @return the container, if the start has just succeeded
  private Optional<MonitoredContainer> afterEndOfStart(Container container)
      throws MonitorException {
    try {
      monitor.forget(container.hex());
      return Optional.empty();
    } catch (MonitorException e) {
      if (e.kind() != FailureKind.INVALID) {
        throw e;
      }
      return monitor.find(container.hex());
    }
  }

  private void settle(Container container, LiveProcess process)
      throws IOException, MonitorException {
    boolean alive = Processes.alive(process);
    var known = monitor.find(container.hex()); // asked after: an end in between is not missed
    var exit = known.flatMap(MonitoredContainer::exit);
    if (exit.isPresent()) {
      var end = exit.get();
      container.ended(end.at(), end.exitCode(), end.oomKilled(), end.reason());
    } else if (known.isEmpty() && !alive) { // of one that it knows it is about to tell the end
      container.ended(Instant.now(), UNKNOWN_EXIT, false, UNSEEN);
    }
  }
}
