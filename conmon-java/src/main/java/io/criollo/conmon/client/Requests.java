// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.client;

import io.criollo.conmon.protocol.FailureKind;
import io.criollo.conmon.protocol.FdChannel;
import io.criollo.conmon.protocol.Frame;
import io.criollo.conmon.protocol.Hello;
import io.criollo.conmon.protocol.Reply;
import io.criollo.conmon.protocol.Request;
import io.criollo.conmon.protocol.Stream;
import io.criollo.conmon.protocol.Wire;
import io.criollo.linux.Fd;
import io.criollo.linux.UnixSockets;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Single conversations with a monitor that runs: connect, greet, ask. Blocks without pinning a
/// virtual thread.
final class Requests {
  private static final int LONGEST_REPLY = 16 << 20;
  private static final Duration QUEUED = Duration.ofSeconds(30);
  private static final Duration QUEUE_STEP = Duration.ofMillis(10);

  private Requests() {}

  /// Connects and sends the request; the caller reads the answer and closes.
  static Wire begin(Path socket, Request request) throws IOException, MonitorException {
    Wire wire = wire(socket);
    try {
      var _ = greet(wire, request);
      return wire;
    } catch (IOException | MonitorException | RuntimeException e) {
      wire.close();
      throw e;
    }
  }

  /// A virtual thread is told that the queue of the listener is full, where another one waits: then
  /// it comes again.
  static SocketChannel connect(Path socket) throws IOException {
    long end = System.nanoTime() + QUEUED.toNanos();
    while (true) {
      try {
        return SocketChannel.open(UnixDomainSocketAddress.of(socket));
      } catch (SocketException e) {
        boolean full = String.valueOf(e.getMessage()).contains("temporarily unavailable"); // EAGAIN
        if (!full || System.nanoTime() > end) {
          throw e;
        }
      }
      pause();
    }
  }

  private static void pause() throws InterruptedIOException {
    try {
      Thread.sleep(QUEUE_STEP);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the monitor was busy");
    }
  }

  private static Wire wire(Path socket) throws IOException {
    return new Wire(new ReadAhead(connect(socket)), LONGEST_REPLY);
  }

  /// {@return who answers}
  private static Hello greet(Wire wire, Request request) throws IOException, MonitorException {
    wire.send(Hello.mine());
    wire.send(request);
    if (!(next(wire) instanceof Frame.Text(Hello theirs)) || !Hello.mine().understands(theirs)) {
      throw new MonitorException(FailureKind.UNSUPPORTED, "the monitor speaks another protocol");
    }
    return theirs;
  }

  static Reply ask(Path socket, Request request) throws IOException, MonitorException {
    try (Wire wire = begin(socket, request)) {
      return reply(next(wire));
    }
  }

  /// {@return who answers}
  static Hello hello(Path socket) throws IOException, MonitorException {
    try (Wire wire = wire(socket)) {
      return greet(wire, new Request.ListContainers());
    }
  }

  /// Passes the output on that comes before the reply.
  static int passOn(Wire wire, ExecOutput output)
      throws IOException, MonitorException, InterruptedException {
    Frame frame = next(wire);
    while (frame instanceof Frame.Data(Stream stream, byte[] bytes)) {
      output.take(stream, bytes);
      frame = next(wire);
    }
    if (reply(frame) instanceof Reply.ExecEnded(int exitCode)) {
      return exitCode;
    }
    throw unexpected(frame);
  }

  /// Begins a session and waits until it has started.
  static Session session(Path socket, Request request) throws IOException, MonitorException {
    Wire wire = wire(socket);
    try {
      int version = Hello.mine().common(greet(wire, request));
      Frame frame = next(wire);
      if (!(reply(frame) instanceof Reply.Started)) {
        throw unexpected(frame);
      }
      return new Session(wire, version);
    } catch (IOException | MonitorException | RuntimeException e) {
      wire.close();
      throw e;
    }
  }

  /// Gets a copy of a container's terminal.
  static Fd takeTerminal(Path socket, String id) throws IOException, MonitorException {
    try (var channel = new FdChannel(UnixSockets.connect(socket));
        var wire = new Wire(channel, LONGEST_REPLY)) {
      var _ = greet(wire, new Request.ShareTerminal(id));
      var _ = reply(next(wire));
      return channel
          .receiveDescriptor()
          .orElseThrow(() -> new EOFException("no terminal came with the answer"));
    }
  }

  /// Gives a copy of a container's terminal to a new monitor.
  static void giveTerminal(Path socket, String id, Fd terminal)
      throws IOException, MonitorException {
    try (var channel = new FdChannel(UnixSockets.connect(socket));
        var wire = new Wire(channel, LONGEST_REPLY)) {
      var _ = greet(wire, new Request.ReturnTerminal(id));
      channel.sendDescriptor(terminal);
      var _ = reply(next(wire));
    }
  }

  static Frame next(Wire wire) throws IOException {
    Optional<Frame> frame = wire.receive();
    return frame.orElseThrow(() -> new EOFException("the monitor closed the connection"));
  }

  private static Reply reply(Frame frame) throws MonitorException {
    return switch (frame) {
      case Frame.Text(Reply.Failed(FailureKind kind, String message)) ->
          throw new MonitorException(kind, message);
      case Frame.Text(Reply reply) -> reply;
      case Frame.Text _, Frame.Data _ -> throw unexpected(frame);
    };
  }

  static MonitorException unexpected(Object answer) {
    return new MonitorException(FailureKind.UNSUPPORTED, "the monitor answered " + answer);
  }
}
