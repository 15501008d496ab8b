// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import io.criollo.conmon.oci.OciRuntime;
import io.criollo.conmon.oci.OciRuntimeException;
import io.criollo.conmon.protocol.CreateRequest;
import io.criollo.conmon.protocol.CreatedProcess;
import io.criollo.conmon.protocol.ExecRequest;
import io.criollo.conmon.protocol.FailureKind;
import io.criollo.conmon.protocol.Reply;
import io.criollo.conmon.protocol.Request;
import io.criollo.conmon.protocol.Stream;
import io.criollo.linux.Child;
import io.criollo.linux.Fd;
import io.criollo.linux.PidFd;
import io.criollo.linux.Subreaper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// Runs one more process in a container: collected with a time limit, or as a conversation. Works
/// on the thread of the connection.
final class Exec {
  private static final AtomicLong COUNTER = new AtomicLong();

  /// The same process may have been a monitor before ([Upgrade]), and then counted too.
  private static final String PREFIX =
      ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime()) + "-";

  private final Shared shared;
  private final Path folder;

  private Exec(Shared shared, Path folder) {
    this.shared = shared;
    this.folder = folder;
  }

  /// Keeps its short-lived files in the run directory.
  static Exec in(Shared shared) throws IOException {
    return new Exec(shared, Files.createDirectories(shared.runDir().resolve("exec")));
  }

  Reply sync(ExecRequest request, CreateRequest container, Caller caller) throws IOException {
    long started = System.nanoTime();
    try (var _ = shared.sessionMemory().use();
        ExecFolder files = makeFolder(container, true);
        ExecTree tree = tree(request, container, files);
        Outputs outputs = Outputs.make(shared, files);
        Child process = startIn(tree, request, files, outputs);
        var session = session(process, caller, request.limit(), tree)) {
      outputs.into(session);
      session.endWithItsCaller();
      return session.run(request.timeout(), started);
    } catch (OciRuntimeException e) {
      return failed(e);
    }
  }

  private static ExecTree tree(ExecRequest request, CreateRequest container, ExecFolder files)
      throws IOException {
    if (container.inSandbox()) {
      return ExecTree.inSandbox(
          new InnerProcess(request.runtime(), container.id(), files.innerPidFile()));
    }
    if (request.timeout().isZero() || !new OciRuntime(request.runtime()).hasExecCgroups()) {
      return ExecTree.UNLIMITED;
    }
    ExecTree tree = ExecTree.make(container.cgroup(), files.path().getFileName().toString());
    files.save(tree);
    return tree;
  }

  private static Child startIn(
      ExecTree tree, ExecRequest request, ExecFolder files, Outputs outputs) throws IOException {
    try {
      return start(request, files, outputs.theirs(files), new Place(Optional.empty(), tree));
    } catch (IOException e) {
      tree.killUnknown(); // the runtime may have come so far
      throw e;
    }
  }

  /// Where a process is started: its terminal, if it has one, and its cgroup.
  private record Place(Optional<Path> console, ExecTree tree) {
    static final Place CONTAINER = new Place(Optional.empty(), ExecTree.UNLIMITED);

    static Place terminal(Path console) {
      return new Place(Optional.of(console), ExecTree.UNLIMITED);
    }
  }

  Reply stream(Request.ExecStream request, CreateRequest container, Caller caller)
      throws IOException {
    try (var _ = shared.sessionMemory().use();
        ExecFolder files = makeFolder(container, false)) {
      return request.terminal()
          ? withTerminal(request, files, caller)
          : withPipes(request, files, caller);
    } catch (OciRuntimeException e) {
      return failed(e);
    }
  }

  private Reply withPipes(Request.ExecStream request, ExecFolder files, Caller caller)
      throws IOException {
    try (Outputs outputs = Outputs.make(shared, files)) {
      Map<Integer, Fd> theirs = outputs.theirs(files);
      theirs.put(0, files.input());
      try (Fd input = files.inputEnd();
          Child process = start(request.exec(), files, theirs, Place.CONTAINER);
          var session = session(process, caller, Long.MAX_VALUE, ExecTree.UNLIMITED)) {
        outputs.into(session);
        session.input(input, request.stdin());
        return converse(session, caller);
      }
    }
  }

  private Reply withTerminal(Request.ExecStream request, ExecFolder files, Caller caller)
      throws IOException {
    try (var console = ConsoleSocket.listen(shared.runDir());
        Child process = start(request.exec(), files, Map.of(), Place.terminal(console.path()));
        Fd master = console.receive();
        var session = session(process, caller, Long.MAX_VALUE, ExecTree.UNLIMITED)) {
      master.nonBlocking(true);
      session.terminal(master);
      try (Fd input = master.dup()) {
        session.input(input, true);
        return converse(session, caller);
      }
    }
  }

  private ExecSession session(Child process, Caller caller, long limit, ExecTree tree)
      throws IOException {
    return new ExecSession(process.pidFd(), caller, limit, tree, shared.sessionBuffers());
  }

  private static Reply converse(ExecSession session, Caller caller) throws IOException {
    caller.wire().send(new Reply.Started());
    return session.run(Duration.ZERO, System.nanoTime());
  }

  private ExecFolder makeFolder(CreateRequest container, boolean collected) throws IOException {
    Path path = folder.resolve(PREFIX + COUNTER.incrementAndGet());
    return ExecFolder.make(path, container.stdio().owner(), collected);
  }

  private static Child start(
      ExecRequest request, ExecFolder files, Map<Integer, Fd> theirs, Place place)
      throws IOException {
    var execution =
        new OciRuntime.Execution(
            request.containerId(),
            request.processJson(),
            new OciRuntime.Reports(files.process().pidFile(), files.runtimeLog()),
            request.timeout(),
            place.console(),
            place.tree().name(),
            place.tree().inner().map(InnerProcess::pidFile));
    try (var _ = Subreaper.hold()) {
      new OciRuntime(request.runtime()).exec(execution, theirs);
      Child child = Subreaper.adopt(files.process().pid());
      files.process().save(new CreatedProcess(child.pid(), PidFd.startTime(child.pid())));
      return child;
    } finally {
      theirs.values().forEach(Fd::close);
    }
  }

  /// The monitor's ends of an exec's outputs, kept in the store too.
  private record Outputs(Shared shared, String name, Fd out, Fd err) implements AutoCloseable {
    static Outputs make(Shared shared, ExecFolder files) throws IOException {
      Fd out = files.outputEnd(Stream.STDOUT);
      try {
        Fd err = files.outputEnd(Stream.STDERR);
        shared.loop().submit(() -> shared.store().keep(files.name(), List.of(out, err)));
        return new Outputs(shared, files.name(), out, err);
      } catch (IOException e) {
        out.close();
        throw e;
      }
    }

    Map<Integer, Fd> theirs(ExecFolder files) throws IOException {
      var theirs = new HashMap<Integer, Fd>();
      theirs.put(1, files.output(Stream.STDOUT));
      theirs.put(2, files.output(Stream.STDERR));
      return theirs;
    }

    void into(ExecSession session) throws IOException {
      session.output(Stream.STDOUT, out);
      session.output(Stream.STDERR, err);
      session.whenHungUp(() -> shared.loop().submit(this::unread));
    }

    /// Who goes on printing gets SIGPIPE.
    private void unread() {
      shared.store().dropNow(name);
      closeEnds();
    }

    @Override
    public void close() throws IOException {
      shared
          .loop()
          .submit(() -> {
            shared.store().drop(name);
            closeEnds();
          });
    }

    private void closeEnds() {
      out.close();
      err.close();
    }
  }

  private static Reply failed(OciRuntimeException e) {
    FailureKind kind = e.timedOut() ? FailureKind.TIMEOUT : FailureKind.RUNTIME;
    return new Reply.Failed(kind, String.valueOf(e.getMessage()));
  }
}
