// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import io.criollo.conmon.io.AttachHub;
import io.criollo.conmon.io.ContainerIo;
import io.criollo.conmon.protocol.Frame;
import io.criollo.conmon.protocol.Message;
import io.criollo.conmon.protocol.Reply;
import io.criollo.conmon.protocol.Request;
import io.criollo.conmon.protocol.Stream;
import io.criollo.linux.Fd;
import io.criollo.linux.LinuxException;
import io.criollo.linux.Poller;
import io.criollo.linux.Pty;
import java.io.IOException;
import java.util.Optional;

/// One client attached to a container: a thread of its own sends output, the thread of the
/// connection waits for input and for the container to take it, at once. Neither is waited for by
/// the log. Input that is given once ends with its user, not with the daemon: another may come.
final class AttachSession {
  private static final long CLIENT = 0;
  private static final long INPUT = 1;

  private final Shared shared;
  private final MonitoredProcess process;
  private final Caller caller;
  private Optional<ClientInput> input = Optional.empty();

  AttachSession(Shared shared, MonitoredProcess process, Caller caller) {
    this.shared = shared;
    this.process = process;
    this.caller = caller;
  }

  /// Returns when the client is gone.
  void run(ContainerIo io) throws IOException, InterruptedException {
    AttachHub.Client client = io.hub().attach();
    Thread sender = Thread.ofPlatform().name("monitor-attach").unstarted(() -> send(client));
    try (var _ = shared.sessionMemory().use();
        Poller poller = Poller.open()) {
      caller.wire().send(new Reply.Started());
      sender.start();
      poller.add(caller.socket(), Poller.IN, CLIENT);
      listen(io, client, poller);
    } finally {
      client.close();
      sender.join();
      input.ifPresent(ClientInput::close);
    }
  }

  private void send(AttachHub.Client client) {
    try {
      for (var next = client.take(); next.isPresent(); next = client.take()) {
        switch (next.get()) {
          case Frame.Data data -> caller.wire().send(data.stream(), data.bytes());
          case Frame.Text(Message message) -> caller.wire().send(message);
        }
      }
      caller.wire().send(client.last());
    } catch (IOException | InterruptedException _) { // the reading side sees it too
      return;
    }
  }

  private void listen(ContainerIo io, AttachHub.Client client, Poller poller)
      throws IOException, InterruptedException {
    boolean there = true;
    while (there) {
      int count = poller.await();
      for (int i = 0; i < count && there; i++) {
        if (poller.token(i) == CLIENT) {
          there = hear(io, client, poller);
        } else {
          push(client, poller);
        }
      }
    }
  }

  /// {@return whether the client is still there}
  private boolean hear(ContainerIo io, AttachHub.Client client, Poller poller)
      throws IOException, InterruptedException {
    Optional<Frame> frame = caller.wire().receive();
    if (frame.isEmpty()) {
      return false;
    }
    switch (frame.get()) {
      case Frame.Data(Stream _, byte[] bytes) -> take(io, bytes, client, poller);
      case Frame.Text(Request.Resize(int columns, int rows)) -> resize(new Pty.Size(columns, rows));
      case Frame.Text(Request.CloseInput _) -> {
        closeInputOnce();
        if (process.request().stdio().stdinOnce()) {
          endInput();
        }
      }
      case Frame.Text(Request.HangUp _) -> {
        closeInputOnce();
        return false;
      }
      case Frame.Text _ -> {} // of a newer daemon
    }
    return true;
  }

  /// What a container without standard input is sent counts as taken.
  private void take(ContainerIo io, byte[] bytes, AttachHub.Client client, Poller poller)
      throws IOException, InterruptedException {
    if (input.isEmpty()) {
      input = shared.loop().call(() -> copy(io)).map(fd -> new ClientInput(fd, poller, INPUT));
    }
    if (input.isPresent()) {
      input.get().add(bytes);
      push(client, poller);
    } else {
      tell(client, bytes.length);
    }
  }

  private void push(AttachHub.Client client, Poller poller) throws LinuxException {
    ClientInput from = input.orElseThrow();
    tell(client, from.push());
    poller.modify(caller.socket(), from.full() ? 0 : Poller.IN, CLIENT);
  }

  private void endInput() throws LinuxException {
    if (input.isPresent()) {
      input.get().end();
    }
  }

  private void tell(AttachHub.Client client, int taken) {
    if (taken > 0 && caller.counts()) {
      client.tell(new Reply.Taken(taken));
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

  private void closeInputOnce() throws IOException, InterruptedException {
    if (process.request().stdio().inputEnds()) {
      shared
          .loop()
          .call(() -> {
            process.closeInput();
            return process;
          });
    }
  }
}
