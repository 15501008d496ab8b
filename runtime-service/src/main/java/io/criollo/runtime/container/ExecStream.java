// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import io.criollo.conmon.client.MonitorClient;
import io.criollo.conmon.client.MonitorException;
import io.criollo.cri.v1.ExecRequest;
import io.criollo.runtime.state.Containers;
import io.criollo.runtime.streaming.StreamSession;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;

/// The second half of Exec, once the client has come: starts the command, with the client's streams
/// as its own.
public final class ExecStream implements StreamSession.Opener<ExecRequest> {
  private final Containers containers;
  private final Runtimes runtimes;
  private final MonitorClient monitor;
  private final ExecProcess processes;

  public ExecStream(
      Containers containers, Runtimes runtimes, MonitorClient monitor, ExecProcess processes) {
    this.containers = containers;
    this.runtimes = runtimes;
    this.monitor = monitor;
    this.processes = processes;
  }

  @Override
  public StreamSession open(ExecRequest request) throws IOException, MonitorException {
    var container = containers.require(request.getContainerId());
    container.requireRunning();
    var runtime = runtimes.of(container).settings();
    var process = processes.write(container.id(), request.getCmdList(), request.getTty());
    try {
      var exec =
          new io.criollo.conmon.protocol.ExecRequest(
              container.hex(), runtime, process, Duration.ZERO, 0);
      return new MonitorSession(monitor.exec(exec, request.getTty(), request.getStdin()));
    } finally {
      Files.deleteIfExists(process);
    }
  }
}
