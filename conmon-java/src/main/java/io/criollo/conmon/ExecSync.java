// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import io.criollo.conmon.oci.OciRuntime;
import io.criollo.conmon.oci.OciRuntimeException;
import io.criollo.conmon.protocol.ExecRequest;
import io.criollo.conmon.protocol.FailureKind;
import io.criollo.conmon.protocol.Reply;
import io.criollo.conmon.protocol.Wire;
import io.criollo.linux.Child;
import io.criollo.linux.Fd;
import io.criollo.linux.Subreaper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// Runs one more process in a container, sends what it prints while it runs, and then how it ended.
/// Works on the thread of the connection.
final class ExecSync {
  private static final AtomicLong COUNTER = new AtomicLong();
  private final Path folder;

  private ExecSync(Path folder) {
    this.folder = folder;
  }

  /// Keeps its short-lived files in `runDir`.
  static ExecSync in(Path runDir) throws IOException {
    return new ExecSync(Files.createDirectories(runDir.resolve("exec")));
  }

  Reply run(ExecRequest request, Wire wire) throws IOException {
    long started = System.nanoTime();
    String name = ProcessHandle.current().pid() + "-" + COUNTER.incrementAndGet();
    var files = new Scratch(folder.resolve(name + ".pid"), folder.resolve(name + ".log"));
    Fd[] stdout = Fd.pipe();
    Fd[] stderr = Fd.pipe();
    try (Fd out = stdout[0];
        Fd err = stderr[0];
        Child process = start(request, files, stdout[1], stderr[1]);
        var session = new ExecSession(process.pidFd(), wire, request.limit())) {
      session.watch(out, err);
      return session.run(request.timeout(), started);
    } catch (OciRuntimeException e) {
      FailureKind kind = e.timedOut() ? FailureKind.TIMEOUT : FailureKind.RUNTIME;
      return new Reply.Failed(kind, String.valueOf(e.getMessage()));
    } finally {
      Files.deleteIfExists(files.pid());
      Files.deleteIfExists(files.log());
    }
  }

  private record Scratch(Path pid, Path log) {}

  private static Child start(ExecRequest request, Scratch files, Fd stdout, Fd stderr)
      throws IOException {
    var execution =
        new OciRuntime.Execution(
            request.containerId(),
            request.processJson(),
            files.pid(),
            files.log(),
            request.timeout());
    try (Fd out = stdout;
        Fd err = stderr;
        var _ = Subreaper.hold()) {
      new OciRuntime(request.runtime()).exec(execution, Map.of(1, out, 2, err));
      return Subreaper.adopt(ContainerFolder.readPid(files.pid()));
    }
  }
}
