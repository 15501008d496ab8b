// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import io.criollo.conmon.io.AttachHub;
import io.criollo.conmon.io.ContainerIo;
import io.criollo.conmon.protocol.Frame;
import io.criollo.conmon.protocol.Reply;
import io.criollo.conmon.protocol.Request;
import io.criollo.conmon.protocol.Stream;
import io.criollo.conmon.protocol.Wire;
import io.criollo.linux.Fd;
import io.criollo.linux.Poller;
import io.criollo.linux.Pty;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/// One client attached to a container: a thread of its own sends output, the thread of the
/// connection reads input. Neither is waited for by the log.
final class AttachSession {
  private static final Duration LOOK = Duration.ofSeconds(1);
  private final Shared shared;
  private final MonitoredProcess process;
  private final Wire wire;

  AttachSession(Shared shared, MonitoredProcess process, Wire wire) {
    this.shared = shared;
    this.process = process;
    this.wire = wire;
  }

  /// Returns when the client is gone.
  void run(ContainerIo io) throws IOException, InterruptedException {
    AttachHub.Client client = io.hub().attach();
    Thread sender = Thread.ofPlatform().name("monitor-attach").unstarted(() -> send(client));
    try {
      wire.send(new Reply.Started());
      sender.start();
      listen(io);
    } finally {
      client.close();
      sender.join();
      closeInputOnce(io);
    }
  }

  private void send(AttachHub.Client client) {
    try {
      for (var next = client.take(); next.isPresent(); next = client.take()) {
        wire.send(next.get().stream(), next.get().bytes());
      }
      wire.send(new Reply.Done());
    } catch (IOException | InterruptedException _) { // the reading side sees it too
      return;
    }
  }

  private void listen(ContainerIo io) throws IOException, InterruptedException {
    for (Optional<Frame> frame = wire.receive(); frame.isPresent(); frame = wire.receive()) {
      switch (frame.get()) {
        case Frame.Data(Stream _, byte[] bytes) -> write(io, bytes);
        case Frame.Text(Request.Resize(int columns, int rows)) ->
            resize(new Pty.Size(columns, rows));
        case Frame.Text(Request.CloseInput _) -> closeInputOnce(io);
        case Frame.Text(Request.HangUp _) -> {
          return;
        }
        case Frame.Text _ -> {} // of a newer daemon
      }
    }
  }

  private void write(ContainerIo io, byte[] bytes) throws IOException, InterruptedException {
    Optional<Fd> input = shared.loop().call(() -> copy(io));
    if (input.isEmpty()) {
      return; // the container has no standard input
    }
    var buffer = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    try (Fd fd = input.get();
        Poller poller = Poller.open()) {
      poller.add(fd, Poller.OUT, 0);
      while (buffer.hasRemaining() && !io.hub().ended()) {
        if (fd.write(buffer) == 0) {
          var _ = poller.await(LOOK); // a container that reads nothing may end meanwhile
        }
      }
    }
  }

  private static Optional<Fd> copy(ContainerIo io) throws IOException {
    Optional<Fd> input = io.input();
    return input.isPresent() ? Optional.of(input.get().dup()) : Optional.empty();
  }

  private void resize(Pty.Size size) throws IOException, InterruptedException {
    shared
        .loop()
        .call(() -> {
          if (process.terminal().isPresent()) {
            process.terminal().get().resize(size);
          }
          return size;
        });
  }

  private void closeInputOnce(ContainerIo io) throws IOException, InterruptedException {
    if (process.request().stdio().stdinOnce()) {
      shared
          .loop()
          .call(() -> {
            io.closeInput();
            return io;
          });
    }
  }
}
