// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import io.criollo.conmon.MonitoredProcess.Watched;
import io.criollo.conmon.log.CriLogWriter;
import io.criollo.conmon.oci.OciRuntime;
import io.criollo.conmon.protocol.CreateRequest;
import io.criollo.conmon.protocol.CreatedProcess;
import io.criollo.linux.Child;
import io.criollo.linux.Errno;
import io.criollo.linux.Fd;
import io.criollo.linux.LinuxException;
import io.criollo.linux.PidFd;
import io.criollo.linux.PidFdMount;
import io.criollo.linux.Subreaper;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Goes on with the containers of a monitor that died: their streams, their logs, their exits.
final class Takeover {
  private final Shared shared;

  Takeover(Shared shared) {
    this.shared = shared;
  }

  void run(Map<String, MonitoredProcess> into) throws IOException, InterruptedException {
    Path containers = shared.runDir().resolve("containers");
    Files.createDirectories(containers);
    Map<String, List<Fd>> kept =
        shared.loop().call(() -> shared.store().recover(name -> mayLive(containers, name)));
    ExecTakeover.start(shared); // only now: what has ended is dropped from the store
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(containers, Files::isDirectory)) {
      for (Path each : folders) {
        var folder = new ContainerFolder(each.resolve(ContainerFolder.NAME));
        try {
          take(folder, kept).ifPresent(process -> into.put(process.id(), process));
        } catch (IOException | RuntimeException e) { // the others are not to suffer for it
          System.err.println("WARNING cannot take over " + each + ": " + e);
        }
      }
    } finally {
      kept.values().forEach(fds -> fds.forEach(Fd::close));
    }
  }

  private boolean mayLive(Path containers, String name) {
    if (name.startsWith("exec/")) {
      return Files.exists(shared.runDir().resolve(name));
    }
    Optional<String> input = FdStore.inputOf(name);
    String id = input.orElse(name);
    boolean ended = input.isPresent() && ContainerFolder.of(shared.runDir(), id).inputEnded();
    return Files.exists(containers.resolve(id)) && shared.exits().exit(id).isEmpty() && !ended;
  }

  private Optional<MonitoredProcess> take(ContainerFolder folder, Map<String, List<Fd>> kept)
      throws IOException, InterruptedException {
    Optional<CreateRequest> request = folder.request();
    Optional<CreatedProcess> process =
        request.isPresent() ? process(folder, request.get()) : Optional.empty();
    if (process.isEmpty()) { // died before the runtime had made it: whoever asked has got an error
      if (request.isPresent()) {
        CreateContainer.endRuntime(folder); // it may still be at work for the dead monitor
        new OciRuntime(request.get().runtime()).delete(request.get().id(), true);
      }
      folder.remove();
      return Optional.empty();
    }
    if (shared.exits().exit(request.get().id()).isPresent()) {
      return Optional.of(
          new MonitoredProcess(shared, request.get(), process.get(), Optional.empty()));
    }
    Optional<Fd> master =
        request.get().stdio().terminal() ? master(kept, request.get().id()) : Optional.empty();
    var live = new CreateContainer.Live(watched(folder, process.get()), master, CriLogWriter::goOn);
    return Optional.of(
        shared
            .loop()
            .call(() -> CreateContainer.assemble(shared, request.get(), process.get(), live)));
  }

  /// What only the runtime wrote down is noted for the next monitor: the process may have ended
  /// then. Of a container in a sandbox the runtime knows none.
  private static Optional<CreatedProcess> process(ContainerFolder folder, CreateRequest request)
      throws IOException {
    Optional<CreatedProcess> written = folder.process().written();
    if (written.isPresent() || request.inSandbox()) {
      return written;
    }
    Optional<CreatedProcess> found = folder.process().find();
    if (found.isPresent()) {
      folder.process().save(found.get()); // first: without it the next one knows no container here
      pin(folder, found.get());
    }
    return found;
  }

  private static void pin(ContainerFolder folder, CreatedProcess process) {
    try {
      Optional<PidFd> alive = PidFd.openSame(process.pid(), process.startTime());
      if (alive.isPresent()) {
        try (PidFd pidFd = alive.get()) {
          folder.pin(pidFd);
        }
      }
    } catch (IOException e) {
      System.err.println("WARNING an exit without a monitor will be told without its code: " + e);
    }
  }

  private static Optional<Fd> master(Map<String, List<Fd>> kept, String id) throws IOException {
    List<Fd> vital = kept.getOrDefault(id, List.of());
    return vital.size() == 2 ? Optional.of(vital.getFirst().dup()) : Optional.empty();
  }

  /// As our child, if this very process was its monitor before it had another program.
  private static Optional<Watched> watched(ContainerFolder folder, CreatedProcess process)
      throws LinuxException {
    Optional<PidFd> found = open(folder, process);
    if (found.isPresent() && isChild(process)) {
      found.get().close();
      return Optional.of(Watched.child(Subreaper.adopt(process.pid())));
    }
    return found.map(Watched::other);
  }

  private static boolean isChild(CreatedProcess process) {
    try (Child _ = Subreaper.adopt(process.pid())) {
      return PidFd.startTime(process.pid()) == process.startTime();
    } catch (LinuxException _) { // somebody else's, or gone
      return false;
    }
  }

  /// By the mount, which knows the process even when it has ended; else by pid and start time.
  private static Optional<PidFd> open(ContainerFolder folder, CreatedProcess process)
      throws LinuxException {
    try {
      PidFd mounted = PidFdMount.open(folder.pidFd(), process.pid());
      if (isProcess(mounted)) {
        return Optional.of(mounted);
      }
      mounted.close();
    } catch (LinuxException _) {
      // not there: an older kernel, or killed before it was made
    }
    return PidFd.openSame(process.pid(), process.startTime());
  }

  private static boolean isProcess(PidFd mounted) {
    try {
      var _ = mounted.exitInfo();
      return true;
    } catch (LinuxException e) {
      return e.is(Errno.ESRCH);
    }
  }
}
