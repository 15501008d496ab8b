// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import com.google.protobuf.UnsafeByteOperations;
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

  private static final long LONGEST_SECONDS = Integer.MAX_VALUE;

  private final Containers containers;
  private final Runtimes runtimes;
  private final MonitorClient monitor;
  private final ExecProcess processes;

  public ExecSync(
      Containers containers, Runtimes runtimes, MonitorClient monitor, ExecProcess processes) {
    this.containers = containers;
    this.runtimes = runtimes;
    this.monitor = monitor;
    this.processes = processes;
  }

  public ExecSyncResponse execSync(ExecSyncRequest request) throws Exception {
    ExecLimits.command("cmd", request.getCmdList());
    var container = containers.require(request.getContainerId());
    container.requireRunning();
    var timeout = Duration.ofSeconds(Math.clamp(request.getTimeout(), 0, LONGEST_SECONDS));
    var runtime = runtimes.of(container).settings();
    var process = processes.write(container.id(), request.getCmdList(), false);
    try {
      var exec = new ExecRequest(container.hex(), runtime, process, timeout, OUTPUT_LIMIT);
      var result = WhileItRuns.ask(container, () -> monitor.execSync(exec));
      return ExecSyncResponse.newBuilder()
          .setExitCode(result.exitCode())
          .setStdout(UnsafeByteOperations.unsafeWrap(result.stdout()))
          .setStderr(UnsafeByteOperations.unsafeWrap(result.stderr()))
          .build();
    } finally {
      Files.deleteIfExists(process);
    }
  }
}
