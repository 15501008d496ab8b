// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.client;

import io.criollo.conmon.protocol.FailureKind;
import io.criollo.conmon.protocol.Frame;
import io.criollo.conmon.protocol.Hello;
import io.criollo.conmon.protocol.Reply;
import io.criollo.conmon.protocol.Request;
import io.criollo.conmon.protocol.Stream;
import io.criollo.conmon.protocol.Wire;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/// A conversation with a container or an exec: one thread reads output, any may write input.
/// Closing it hangs up: an exec with a terminal gets SIGHUP, other processes go on. Leaving it lets
/// all of them go on.
public final class Session implements AutoCloseable {
  /// The monitor takes no longer frames.
  private static final int CHUNK = 32 << 10;

  private final Wire wire;
  private final Credit credit;
  private volatile Optional<Integer> exitCode = Optional.empty();

  Session(Wire wire, int version) {
    this.wire = wire;
    this.credit = new Credit(version >= Hello.COUNTED_INPUT ? Hello.WINDOW : Long.MAX_VALUE);
  }

  /// Waits for output.
  ///
  /// @return empty at the end
  /// @throws MonitorException UNAVAILABLE when the monitor died, or cut a slow reader off
  public Optional<Frame.Data> read() throws MonitorException {
    try {
      Frame next = Requests.next(wire);
      while (next instanceof Frame.Text(Reply.Taken(int count))) {
        credit.give(count);
        next = Requests.next(wire);
      }
      return data(next);
    } catch (IOException e) {
      credit.end();
      throw new MonitorException(FailureKind.UNAVAILABLE, "the session broke", e);
    }
  }

  private Optional<Frame.Data> data(Frame next) throws MonitorException {
    if (next instanceof Frame.Data data) {
      return Optional.of(data);
    }
    credit.end();
    return switch (next) {
      case Frame.Text(Reply.ExecEnded(int code)) -> {
        exitCode = Optional.of(code);
        yield Optional.empty();
      }
      case Frame.Text(Reply.Failed(FailureKind kind, String message)) ->
          throw new MonitorException(kind, message);
      case Frame _ -> Optional.empty();
    };
  }

  /// {@return the exit code of an exec, once [#read] has come to the end}
  public Optional<Integer> exitCode() {
    return exitCode;
  }

  /// Sends input; waits while the process takes none, for which somebody must read.
  ///
  /// @throws MonitorException UNAVAILABLE when the session has ended
  public void write(byte[] input) throws MonitorException {
    for (int at = 0; at < input.length; at += CHUNK) {
      byte[] part = Arrays.copyOfRange(input, at, Math.min(at + CHUNK, input.length));
      if (!credit.take(part.length)) {
        throw new MonitorException(FailureKind.UNAVAILABLE, "the session has ended");
      }
      send(() -> wire.send(Stream.STDIN, part));
    }
  }

  /// No more input comes.
  public void closeInput() throws MonitorException {
    send(() -> wire.send(new Request.CloseInput()));
  }

  public void resize(int columns, int rows) throws MonitorException {
    send(() -> wire.send(new Request.Resize(columns, rows)));
  }

  @FunctionalInterface
  private interface Sending {
    void run() throws IOException;
  }

  private static void send(Sending sending) throws MonitorException {
    try {
      sending.run();
    } catch (IOException e) {
      throw new MonitorException(FailureKind.UNAVAILABLE, "the session broke", e);
    }
  }

  /// Ends the conversation and not the process, also not by a hang-up: the daemon ends, its user
  /// has not left. Wakes whoever reads or writes.
  public void leave() throws MonitorException {
    credit.end();
    send(wire::close);
  }

  @Override
  public void close() throws MonitorException {
    credit.end();
    try (wire) {
      wire.send(new Request.HangUp());
    } catch (IOException _) { // it has ended by itself
      return;
    }
  }
}
