// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import io.criollo.conmon.protocol.FailureKind;
import io.criollo.conmon.protocol.Reply;
import io.criollo.conmon.protocol.Stream;
import io.criollo.conmon.protocol.Wire;
import io.criollo.linux.ExitStatus;
import io.criollo.linux.Fd;
import io.criollo.linux.LinuxException;
import io.criollo.linux.PidFd;
import io.criollo.linux.Poller;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// A running exec: waits for output, the end and the time limit at once. One thread; who makes it
/// closes it.
final class ExecSession implements AutoCloseable {
  /// How long output is waited for after the end, when a child keeps the streams open.
  private static final Duration DRAIN = Duration.ofMillis(250);

  private static final int CHUNK = 32 << 10;
  private static final long PROCESS = 0;

  private final PidFd process;
  private final long startTime;
  private final Wire wire;
  private final Poller poller;
  private final Map<Long, Output> outputs = new HashMap<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(Wire.HEADER + CHUNK);
  private final int limit;
  private Optional<ExitStatus> exit = Optional.empty();
  private boolean abandoned;

  /// One stream, and how much of it is still wanted.
  private static final class Output {
    private final Stream stream;
    private final Fd pipe;
    private int wanted;

    private Output(Stream stream, Fd pipe, int wanted) {
      this.stream = stream;
      this.pipe = pipe;
      this.wanted = wanted;
    }
  }

  ExecSession(PidFd process, Wire wire, int limit) throws LinuxException {
    this.process = process;
    this.startTime = PidFd.startTime(process.pid());
    this.wire = wire;
    this.limit = limit;
    this.poller = Poller.open();
  }

  void watch(Fd stdout, Fd stderr) throws LinuxException {
    poller.add(process.fd(), Poller.IN, PROCESS);
    add(1, new Output(Stream.STDOUT, stdout, limit));
    add(2, new Output(Stream.STDERR, stderr, limit));
  }

  private void add(long token, Output output) throws LinuxException {
    poller.add(output.pipe, Poller.IN, token);
    outputs.put(token, output);
  }

  /// @param timeout zero for none
  /// @param started `nanoTime` when the limit began
  Reply run(Duration timeout, long started) throws IOException {
    long end = timeout.isZero() ? Long.MAX_VALUE : timeout.toNanos();
    while (exit.isEmpty()) {
      long left = timeout.isZero() ? Long.MAX_VALUE : end - (System.nanoTime() - started);
      if (left <= 0) {
        return killed(timeout);
      }
      step(left);
    }
    drain();
    return new Reply.ExecEnded(exit.get().exitCode());
  }

  private void drain() throws IOException {
    long ended = System.nanoTime();
    while (!outputs.isEmpty()) {
      long left = DRAIN.toNanos() - (System.nanoTime() - ended);
      if (left <= 0) {
        return;
      }
      step(left);
    }
  }

  private Reply killed(Duration timeout) throws IOException {
    ProcessTree.kill(process.pid());
    while (exit.isEmpty()) {
      step(Long.MAX_VALUE);
    }
    return new Reply.Failed(FailureKind.TIMEOUT, "the command was killed after " + timeout);
  }

  private void step(long nanos) throws IOException {
    int count = nanos == Long.MAX_VALUE ? poller.await() : poller.await(Duration.ofNanos(nanos));
    for (int i = 0; i < count; i++) {
      Output output = outputs.get(poller.token(i));
      if (output != null) {
        move(poller.token(i), output);
      } else {
        exit = ProcessEnd.of(process, startTime);
        if (exit.isPresent()) {
          poller.remove(process.fd());
        }
      }
    }
  }

  private void move(long token, Output output) throws IOException {
    buffer.clear().position(Wire.HEADER);
    if (output.pipe.read(buffer) < 0) {
      outputs.remove(token);
      poller.remove(output.pipe);
      return;
    }
    int count = buffer.position() - Wire.HEADER;
    int kept = Math.min(count, output.wanted);
    output.wanted -= kept;
    if (kept > 0 && !abandoned) {
      buffer.position(Wire.HEADER + kept);
      send(output.stream);
    }
  }

  private void send(Stream stream) {
    try {
      wire.sendInPlace(stream, buffer);
    } catch (IOException _) { // the daemon is gone; the process goes on
      abandoned = true;
    }
  }

  @Override
  public void close() {
    poller.close();
  }
}
