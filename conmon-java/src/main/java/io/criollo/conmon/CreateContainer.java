// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import io.criollo.conmon.MonitoredProcess.Watched;
import io.criollo.conmon.io.ContainerIo;
import io.criollo.conmon.log.CriLogWriter;
import io.criollo.conmon.oci.OciRuntime;
import io.criollo.conmon.protocol.CreateRequest;
import io.criollo.conmon.protocol.CreatedProcess;
import io.criollo.linux.Child;
import io.criollo.linux.Fd;
import io.criollo.linux.Fifo;
import io.criollo.linux.PidFd;
import io.criollo.linux.Subreaper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;

/// Makes a container's streams, lets the runtime create or run it, and puts it under watch. Runs on
/// the thread of the connection; nothing is left behind when it fails.
final class CreateContainer {
  /// A runtime that has ended may leave its helper, the container's parent, a moment longer.
  private static final Duration ADOPTION = Duration.ofSeconds(10);

  private final Shared shared;

  CreateContainer(Shared shared) {
    this.shared = shared;
  }

  /// What the runtime is asked for.
  @FunctionalInterface
  interface Verb {
    void of(OciRuntime runtime, OciRuntime.Creation creation, Map<Integer, Fd> streams)
        throws IOException;
  }

  MonitoredProcess create(CreateRequest request, Verb verb)
      throws IOException, InterruptedException {
    var folder = ContainerFolder.of(shared.runDir(), request.id());
    folder.remove();
    Files.createDirectories(folder.path());
    try {
      Streams.make(folder, request.stdio());
      if (request.runtime().systemdCgroup()) {
        shared
            .loop()
            .call(() -> {
              shared.oom().creating(request.cgroup(), folder);
              return folder;
            });
      }
      folder.save(request);
      return request.stdio().terminal()
          ? withTerminal(request, folder, verb)
          : withPipes(request, folder, verb);
    } catch (IOException | RuntimeException e) {
      takeBack(request, folder, e);
      throw e;
    } finally {
      if (request.runtime().systemdCgroup()) {
        shared.loop().submit(() -> shared.oom().created(request.cgroup(), folder));
      }
    }
  }

  /// Its streams are held open until they are watched: it may have written to them and ended, or
  /// look for its input.
  private MonitoredProcess withPipes(CreateRequest request, ContainerFolder folder, Verb verb)
      throws IOException, InterruptedException {
    var held = new ArrayList<Fd>();
    try {
      if (request.stdio().stdin()) {
        held.add(Fifo.openBoth(folder.fifo("stdin")));
      }
      Map<Integer, Fd> fds = Streams.forContainer(folder, request.stdio());
      held.addAll(fds.values());
      Child child = make(request, folder, verb, fds, Optional.empty());
      return watch(request, folder, child, Optional.empty());
    } finally {
      held.forEach(Fd::close);
    }
  }

  private MonitoredProcess withTerminal(CreateRequest request, ContainerFolder folder, Verb verb)
      throws IOException, InterruptedException {
    try (var console = ConsoleSocket.listen(shared.runDir())) {
      var path = Optional.of(console.path());
      Child child = make(request, folder, verb, Map.of(), path);
      Optional<Fd> master = Optional.of(console.receive());
      return watch(request, folder, child, master);
    }
  }

  private static Child make(
      CreateRequest request,
      ContainerFolder folder,
      Verb verb,
      Map<Integer, Fd> fds,
      Optional<Path> consoleSocket)
      throws IOException {
    var creation =
        new OciRuntime.Creation(request.id(), request.bundle(), folder.reports(), consoleSocket);
    try (var _ = Subreaper.hold()) {
      verb.of(new OciRuntime(request.runtime()), creation, fds);
      if (request.inSandbox()) { // the reported pid is the sandbox's
        return SandboxWait.start(request, folder);
      }
      return Subreaper.adoptLater(folder.process().pid(), ADOPTION);
    }
  }

  /// Ends the runtime that is creating a container, if there is one.
  static void endRuntime(ContainerFolder folder) throws IOException {
    var pidFile = folder.process().pidFile().toString();
    Optional<Long> runtime = ProcessTree.withArgument(pidFile);
    while (runtime.isPresent()) {
      ProcessTree.kill(runtime.get());
      runtime = ProcessTree.withArgument(pidFile);
    }
  }

  private MonitoredProcess watch(
      CreateRequest request, ContainerFolder folder, Child child, Optional<Fd> master)
      throws IOException, InterruptedException {
    try {
      var process = new CreatedProcess(child.pid(), PidFd.startTime(child.pid()));
      folder.pin(child.pidFd());
      folder.process().save(process);
      var live = new Live(Optional.of(Watched.child(child)), master, CriLogWriter::open);
      return shared.loop().call(() -> assemble(shared, request, process, live));
    } catch (IOException | RuntimeException e) {
      child.close();
      throw e;
    }
  }

  /// What is in hand of a container that is to be watched; taken over.
  record Live(Optional<Watched> watched, Optional<Fd> master, Streams.LogOpening log) {}

  /// Opens streams, log and cgroup of a container whose process is known. On the I/O thread.
  static MonitoredProcess assemble(
      Shared shared, CreateRequest request, CreatedProcess process, Live live) throws IOException {
    ContainerIo io = Streams.open(shared, request, live.master(), live.log());
    var folder = ContainerFolder.of(shared.runDir(), request.id());
    var oom =
        request.runtime().systemdCgroup()
            ? shared.oom().openScope(request.cgroup(), folder)
            : shared.oom().open(request.cgroup(), folder);
    var parts = new MonitoredProcess.Parts(io, live.watched(), oom);
    var monitored = new MonitoredProcess(shared, request, process, Optional.of(parts));
    monitored.start();
    return monitored;
  }

  /// A runtime that died may have left a helper at work, or a container.
  private static void takeBack(CreateRequest request, ContainerFolder folder, Exception cause)
      throws InterruptedException {
    try {
      try {
        endRuntime(folder);
        new OciRuntime(request.runtime()).delete(request.id(), true);
      } finally {
        folder.remove();
      }
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }
}
