// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import io.criollo.conmon.oci.OciRuntime;
import io.criollo.conmon.oci.OciRuntimeException;
import io.criollo.conmon.protocol.ExecRequest;
import io.criollo.conmon.protocol.FailureKind;
import io.criollo.conmon.protocol.FdChannel;
import io.criollo.conmon.protocol.Reply;
import io.criollo.conmon.protocol.Request;
import io.criollo.conmon.protocol.Stream;
import io.criollo.conmon.protocol.Wire;
import io.criollo.linux.Child;
import io.criollo.linux.Fd;
import io.criollo.linux.Subreaper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// Runs one more process in a container: collected with a time limit, or as a conversation. Works
/// on the thread of the connection.
final class Exec {
  private static final AtomicLong COUNTER = new AtomicLong();
  private final Path runDir;
  private final Path folder;

  private Exec(Path runDir, Path folder) {
    this.runDir = runDir;
    this.folder = folder;
  }

  /// Keeps its short-lived files in `runDir`.
  static Exec in(Path runDir) throws IOException {
    return new Exec(runDir, Files.createDirectories(runDir.resolve("exec")));
  }

  Reply sync(ExecRequest request, Wire wire) throws IOException {
    long started = System.nanoTime();
    Fd[] stdout = Fd.pipe();
    Fd[] stderr = Fd.pipe();
    try (Fd out = stdout[0];
        Fd err = stderr[0];
        Child process = start(request, Map.of(1, stdout[1], 2, stderr[1]), Optional.empty());
        var session = new ExecSession(process.pidFd(), wire, request.limit())) {
      session.output(Stream.STDOUT, out);
      session.output(Stream.STDERR, err);
      return session.run(request.timeout(), started);
    } catch (OciRuntimeException e) {
      return failed(e);
    }
  }

  Reply stream(Request.ExecStream request, Wire wire, FdChannel channel) throws IOException {
    try {
      return request.terminal()
          ? withTerminal(request, wire, channel)
          : withPipes(request, wire, channel);
    } catch (OciRuntimeException e) {
      return failed(e);
    }
  }

  private Reply withPipes(Request.ExecStream request, Wire wire, FdChannel channel)
      throws IOException {
    Fd[] stdin = Fd.pipe();
    Fd[] stdout = Fd.pipe();
    Fd[] stderr = Fd.pipe();
    var theirs = Map.of(0, stdin[0], 1, stdout[1], 2, stderr[1]);
    try (Fd in = stdin[1];
        Fd out = stdout[0];
        Fd err = stderr[0];
        Child process = start(request.exec(), theirs, Optional.empty());
        var session = new ExecSession(process.pidFd(), wire, Long.MAX_VALUE)) {
      session.output(Stream.STDOUT, out);
      session.output(Stream.STDERR, err);
      var input = new ExecInput(channel, in, Optional.empty());
      if (!request.stdin()) {
        input.end();
      }
      return converse(session, input, wire);
    }
  }

  private Reply withTerminal(Request.ExecStream request, Wire wire, FdChannel channel)
      throws IOException {
    try (var console = ConsoleSocket.listen(runDir);
        Child process = start(request.exec(), Map.of(), Optional.of(console.path()));
        Fd master = console.receive();
        var session = new ExecSession(process.pidFd(), wire, Long.MAX_VALUE)) {
      session.output(Stream.STDOUT, master);
      return converse(session, new ExecInput(channel, master, Optional.of(master)), wire);
    }
  }

  private static Reply converse(ExecSession session, ExecInput input, Wire wire)
      throws IOException {
    wire.send(new Reply.Started());
    session.input(input);
    return session.run(Duration.ZERO, System.nanoTime());
  }

  private Child start(ExecRequest request, Map<Integer, Fd> theirs, Optional<Path> console)
      throws IOException {
    String name = ProcessHandle.current().pid() + "-" + COUNTER.incrementAndGet();
    Path pidFile = folder.resolve(name + ".pid");
    Path log = folder.resolve(name + ".log");
    var execution =
        new OciRuntime.Execution(
            request.containerId(), request.processJson(), pidFile, log, request.timeout(), console);
    try (var _ = Subreaper.hold()) {
      new OciRuntime(request.runtime()).exec(execution, theirs);
      return Subreaper.adopt(ContainerFolder.readPid(pidFile));
    } finally {
      theirs.values().forEach(Fd::close);
      Files.deleteIfExists(pidFile);
      Files.deleteIfExists(log);
    }
  }

  private static Reply failed(OciRuntimeException e) {
    FailureKind kind = e.timedOut() ? FailureKind.TIMEOUT : FailureKind.RUNTIME;
    return new Reply.Failed(kind, String.valueOf(e.getMessage()));
  }
}
