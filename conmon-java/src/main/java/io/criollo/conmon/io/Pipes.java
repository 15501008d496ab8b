// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.io;

import io.criollo.conmon.log.CriLogWriter;
import io.criollo.conmon.log.LogBuffers;
import io.criollo.conmon.protocol.Stream;
import io.criollo.linux.Fd;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// stdout and stderr of one container, from its FIFOs into its log and to those attached. A line
/// without an end is logged as partial when the stream stays quiet for a while.
public final class Pipes implements ContainerIo {
  private static final int PIPE = 1 << 20;
  private final EventLoop loop;
  private final CriLogWriter log;
  private final Map<Stream, Fd> fifos;
  private final AttachHub hub = new AttachHub();
  private Optional<Fd> input;
  private boolean closed;

  /// Takes over the descriptors and the log.
  public Pipes(EventLoop loop, CriLogWriter log, Map<Stream, Fd> fifos, Optional<Fd> input) {
    this.loop = loop;
    this.log = log;
    this.fifos = Map.copyOf(fifos);
    this.input = input;
  }

  @Override
  public void start() throws IOException {
    for (var entry : fifos.entrySet()) {
      var tail = new Tail(entry.getKey());
      loop.watch(
          entry.getValue(),
          () -> {
            keepUp(entry.getKey(), entry.getValue());
            tail.look();
          });
      tail.look();
    }
  }

  /// Takes and logs a chunk. If the pipe was full, and lines may be dropped, the rest of what it
  /// can hold is taken too and dropped, so that its writer goes on.
  private void keepUp(Stream stream, Fd fifo) throws IOException {
    boolean behind = log.dropping() && !fifo.writable();
    boolean more = take(stream);
    for (long left = PIPE; behind && more && left > 0; left -= LogBuffers.CHUNK) {
      more = take(stream, log::drop);
    }
  }

  /// {@return whether there was anything}
  boolean take(Stream stream) throws IOException {
    return take(stream, log::write);
  }

  /// What becomes of output that was taken.
  private interface Fate {
    void befall(Stream stream) throws IOException;
  }

  private boolean take(Stream stream, Fate fate) throws IOException {
    Fd fifo = fifos.get(stream);
    int count = fifo == null ? 0 : log.fill(stream, fifo);
    if (count == 0) {
      return false;
    }
    Optional<byte[]> seen = hub.wanted() ? Optional.of(log.last(stream, count)) : Optional.empty();
    fate.befall(stream);
    seen.ifPresent(bytes -> hub.offer(stream, bytes)); // whoever saw a line finds it in the log
    return true;
  }

  @Override
  public void finish() throws IOException {
    for (Stream stream : List.of(Stream.STDOUT, Stream.STDERR)) {
      while (take(stream)) {}
      log.flush(stream);
    }
    hub.end();
  }

  @Override
  public CriLogWriter log() {
    return log;
  }

  @Override
  public AttachHub hub() {
    return hub;
  }

  @Override
  public Optional<Fd> input() {
    return input;
  }

  @Override
  public List<Fd> vital() {
    return List.copyOf(fifos.values());
  }

  @Override
  public void closeInput() {
    input.ifPresent(Fd::close);
    input = Optional.empty();
  }

  @Override
  public void close() {
    closed = true;
    hub.end();
    closeInput();
    fifos.values().forEach(loop::unwatch);
    fifos.values().forEach(Fd::close);
    log.close();
  }

  /// Waits for an unfinished line to end.
  private final class Tail {
    private final Stream stream;
    private boolean waiting;

    private Tail(Stream stream) {
      this.stream = stream;
    }

    private void look() {
      long begin = log.unfinished(stream);
      if ((begin >= 0 || log.reclaimable(stream)) && !waiting) {
        waiting = true;
        loop.after(EventLoop.QUIET, () -> quiet(begin));
      }
    }

    private void quiet(long seen) throws IOException {
      waiting = false;
      if (closed) {
        return;
      }
      if (log.unfinished(stream) == seen) {
        log.flush(stream);
      }
      look();
    }
  }
}
