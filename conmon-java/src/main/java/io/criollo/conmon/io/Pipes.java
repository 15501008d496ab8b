// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.io;

import io.criollo.conmon.log.CriLogWriter;
import io.criollo.conmon.protocol.Stream;
import io.criollo.linux.Fd;
import java.io.IOException;
import java.util.Map;

/// stdout and stderr of one container, from its FIFOs into its log. A line without an end is logged
/// as partial when the stream stays quiet for a while. Owned by the I/O thread.
public final class Pipes implements AutoCloseable {
  private final EventLoop loop;
  private final CriLogWriter log;
  private final Map<Stream, Fd> fifos;
  private boolean closed;

  /// Takes over the descriptors and the log.
  public Pipes(EventLoop loop, CriLogWriter log, Map<Stream, Fd> fifos) {
    this.loop = loop;
    this.log = log;
    this.fifos = Map.copyOf(fifos);
  }

  public void start() throws IOException {
    for (var entry : fifos.entrySet()) {
      var tail = new Tail(entry.getKey());
      loop.watch(entry.getValue(), () -> take(entry.getKey(), entry.getValue(), tail));
      tail.look();
    }
  }

  private void take(Stream stream, Fd fifo, Tail tail) throws IOException {
    var _ = log.take(stream, fifo);
    tail.look();
  }

  /// Logs all that the container wrote, after it has ended.
  public void finish() throws IOException {
    for (Stream stream : new Stream[] {Stream.STDOUT, Stream.STDERR}) {
      Fd fifo = fifos.get(stream);
      while (fifo != null && log.take(stream, fifo) > 0) {}
      log.flush(stream);
    }
  }

  public CriLogWriter log() {
    return log;
  }

  @Override
  public void close() {
    closed = true;
    fifos.values().forEach(loop::unwatch);
    fifos.values().forEach(Fd::close);
    log.close();
  }

  /// Waits for an unfinished line to end.
  private final class Tail {
    private final Stream stream;
    private long begin = -1;
    private boolean waiting;

    private Tail(Stream stream) {
      this.stream = stream;
    }

    private void look() {
      begin = log.unfinished(stream);
      if (begin >= 0 && !waiting) {
        waiting = true;
        long seen = begin;
        loop.after(EventLoop.QUIET, () -> quiet(seen));
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
