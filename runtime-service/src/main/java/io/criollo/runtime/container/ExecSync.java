// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import io.criollo.conmon.client.MonitorClient;
import io.criollo.conmon.protocol.ExecRequest;
import io.criollo.cri.v1.ExecSyncRequest;
import io.criollo.cri.v1.ExecSyncResponse;
import io.criollo.runtime.spec.ExecLimits;
import io.criollo.runtime.state.Containers;
import java.nio.file.Files;
import java.time.Duration;

/// ExecSync: runs a command in a container and returns what it printed. At the timeout the command
/// is killed with all that it started, and the answer is DeadlineExceeded. The same is done when
/// the thread is interrupted, since its client has left.
public final class ExecSync {
  /// Bytes kept of each of stdout and stderr; the rest is dropped without error (CRI, ExecSync).
  private static final int OUTPUT_LIMIT = 16 << 20;

  /// Both streams, and half as much again while their buffers grow.
  private static final long MOST_MEMORY = 3L * OUTPUT_LIMIT;

  private static final long LONGEST_SECONDS = Integer.MAX_VALUE;

  private final Containers containers;
  private final Runtimes runtimes;
  private final MonitorClient monitor;
  private final ExecProcess processes;
  private final OutputMemory memory =
      new OutputMemory(java.lang.Runtime.getRuntime().maxMemory() / 2, MOST_MEMORY);

  public ExecSync(
      Containers containers, Runtimes runtimes, MonitorClient monitor, ExecProcess processes) {
    this.containers = containers;
    this.runtimes = runtimes;
    this.monitor = monitor;
    this.processes = processes;
  }

  /// The end of a call, when its answer takes no memory any more.
  @FunctionalInterface
  public interface CallEnd {
    /// Runs the action then.
    void then(Runnable action);
  }

  /// Blocks until the command has ended.
  ///
  /// @param end of the call that is answered
  public ExecSyncResponse execSync(ExecSyncRequest request, CallEnd end) throws Exception {
    ExecLimits.command("cmd", request.getCmdList());
    var container = containers.require(request.getContainerId());
    container.requireRunning();
    var timeout = Duration.ofSeconds(Math.clamp(request.getTimeout(), 0, LONGEST_SECONDS));
    var runtime = runtimes.of(container).settings();
    var process = processes.write(container.id(), request.getCmdList(), false);
    var output = memory.begin();
    end.then(output::release);
    try {
      var exec = new ExecRequest(container.hex(), runtime, process, timeout, OUTPUT_LIMIT);
      int exitCode = WhileItRuns.ask(container, () -> monitor.execSync(exec, output));
      return ExecSyncResponse.newBuilder()
          .setExitCode(exitCode)
          .setStdout(output.stdout())
          .setStderr(output.stderr())
          .build();
    } finally {
      Files.deleteIfExists(process);
    }
  }
}
