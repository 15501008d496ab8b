// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import io.criollo.conmon.io.ContainerIo;
import io.criollo.conmon.io.EventLoop;
import io.criollo.conmon.io.Terminal;
import io.criollo.conmon.log.CriLogWriter;
import io.criollo.conmon.protocol.CreateRequest;
import io.criollo.conmon.protocol.CreatedProcess;
import io.criollo.conmon.protocol.ExitRecord;
import io.criollo.conmon.protocol.LogLoss;
import io.criollo.linux.Child;
import io.criollo.linux.ExitStatus;
import io.criollo.linux.PidFd;
import io.criollo.linux.Poller;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// One container from its creation to its end: streams, log, exit. When it has ended its log is
/// complete before its exit is told. Owned by the I/O thread, but for the final fields.
final class MonitoredProcess implements AutoCloseable {
  /// How long a new parent may take to reap an orphan before its exit code counts as lost.
  private static final Duration REAPING = Duration.ofSeconds(10);

  private static final Duration WRITE_AGAIN = Duration.ofSeconds(1);

  private static final int UNKNOWN = 255;

  private final EventLoop loop;
  private final FdStore store;
  private final ExitRecorder exits;
  private final ContainerFolder folder;
  private final CreateRequest request;
  private final CreatedProcess process;
  private Optional<Parts> parts;
  private LogLoss loss;

  /// What a live container is made of. Without a process it is known to be gone.
  record Parts(ContainerIo io, Optional<Watched> watched, Optional<OomWatch> oom) {}

  /// A process, as our child or as somebody else's.
  record Watched(PidFd pidFd, Runnable close) {
    static Watched child(Child child) {
      return new Watched(child.pidFd(), child::close);
    }

    static Watched other(PidFd pidFd) {
      return new Watched(pidFd, pidFd::close);
    }
  }

  /// Owns the parts; without them the container's exit is on record already.
  MonitoredProcess(
      Shared shared, CreateRequest request, CreatedProcess process, Optional<Parts> parts) {
    this.folder = ContainerFolder.of(shared.runDir(), request.id());
    this.loss = CriLogWriter.lossIn(folder.path());
    this.loop = shared.loop();
    this.store = shared.store();
    this.exits = shared.exits();
    this.request = request;
    this.process = process;
    this.parts = parts;
  }

  CreateRequest request() {
    return request;
  }

  CreatedProcess process() {
    return process;
  }

  String id() {
    return request.id();
  }

  Optional<ExitRecord> exit() {
    return exits.exit(id());
  }

  void start() throws IOException {
    if (parts.isEmpty()) {
      return;
    }
    Parts live = parts.get();
    store.keep(id(), live.io().vital());
    keepInput(live.io());
    live.io().start();
    if (live.oom().isPresent()) {
      live.oom().get().start();
    }
    if (live.watched().isPresent()) {
      PidFd pidFd = live.watched().get().pidFd();
      loop.watch(pidFd.fd(), () -> look(pidFd));
    } else {
      end(UNKNOWN, "it ended while no monitor ran");
    }
  }

  /// The end of a monitor is not the end of its containers' input.
  private void keepInput(ContainerIo io) {
    if (request.stdio().inputEnds() && io.input().isPresent()) {
      store.keep(FdStore.input(id()), List.of(io.input().get()));
    }
  }

  /// No more input comes, also not by a monitor after this one: the container reads its end, if it
  /// was made so.
  void closeInput() throws IOException {
    if (parts.isEmpty() || !request.stdio().inputEnds()) {
      return;
    }
    try {
      folder.endInput(); // first: what is told to the container holds after a kill, too
    } finally {
      parts.get().io().closeInput();
      store.dropNow(FdStore.input(id()));
    }
  }

  private void look(PidFd pidFd) throws IOException {
    Optional<ExitStatus> status = ProcessEnd.of(pidFd, process.startTime());
    if (status.isPresent()) {
      end(status.get().exitCode(), "");
    } else if (pidFd.alive()) {
      return;
    } else if (request.inSandbox()) {
      end(UNKNOWN, "");
    } else {
      loop.watch(pidFd.fd(), Poller.HUP, () -> look(pidFd)); // comes when it is reaped
      loop.after(REAPING, () -> end(UNKNOWN, "another process reaped it and the kernel forgot"));
    }
  }

  private void end(int exitCode, String reason) throws IOException {
    if (parts.isEmpty()) {
      return;
    }
    if (request.inSandbox()) {
      OptionalInt answer = SandboxWait.exitCode(folder);
      String unknown = answer.isPresent() ? "" : SandboxWait.silence(folder);
      end(parts.get(), answer.orElse(UNKNOWN), unknown);
    } else {
      end(parts.get(), exitCode, reason);
    }
  }

  private void end(Parts last, int exitCode, String reason) throws IOException {
    Instant at = Instant.now();
    last.watched().ifPresent(watched -> loop.unwatch(watched.pidFd().fd()));
    try {
      last.io().finish();
    } finally {
      boolean killed = last.oom().isPresent() && last.oom().get().killed();
      if (!exits.record(new ExitRecord(id(), exitCode, at, killed, reason))) {
        loop.after(WRITE_AGAIN, this::writeExits);
      }
      close();
    }
  }

  private void writeExits() {
    if (!exits.write()) {
      loop.after(WRITE_AGAIN, this::writeExits);
    }
  }

  void reopenLog() throws IOException {
    if (parts.isPresent()) {
      parts.get().io().log().reopen();
    }
  }

  LogLoss loss() {
    return parts.map(live -> live.io().log().loss()).orElse(loss);
  }

  /// {@return the streams while it lives}
  Optional<ContainerIo> io() {
    return parts.map(Parts::io);
  }

  /// {@return the terminal while it lives, if it has one}
  Optional<Terminal> terminal() {
    return io().filter(Terminal.class::isInstance).map(Terminal.class::cast);
  }

  @Override
  public void close() {
    parts.ifPresent(last -> {
      last.watched().ifPresent(watched -> loop.unwatch(watched.pidFd().fd()));
      store.drop(id());
      store.drop(FdStore.input(id()));
      loss = last.io().log().loss();
      last.io().close();
      last.watched().ifPresent(watched -> watched.close().run());
      last.oom().ifPresent(OomWatch::close);
    });
    parts = Optional.empty();
  }
}
