// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A response body as a stream that never waits longer than the stall timeout, with a bounded
/// read-ahead. One thread reads; closing it early drops the connection, of HTTP/2 the stream.
final class StreamBody extends InputStream implements BodySubscriber<InputStream> {
  private static final int READ_AHEAD = 2;

  /// Read-ahead pieces, or the end of the body with its failure.
  private sealed interface Piece {
    record Data(List<ByteBuffer> buffers) implements Piece {}

    record End(@Nullable Throwable failure) implements Piece {}
  }

  private final Duration stall;
  private final Runnable atStall;
  private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
  private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
  private List<ByteBuffer> current = List.of();
  private int next;
  private Piece.@Nullable End end;

  /// @param atStall done when the body stalls, before its reader is told
  StreamBody(Duration stall, Runnable atStall) {
    this.stall = stall;
    this.atStall = atStall;
  }

  @Override
  public CompletionStage<InputStream> getBody() {
    return CompletableFuture.completedStage(this);
  }

  @Override
  public void onSubscribe(Flow.Subscription s) {
    subscription.complete(s);
    s.request(READ_AHEAD);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    pieces.add(new Piece.Data(buffers));
  }

  @Override
  public void onError(Throwable failure) {
    pieces.add(new Piece.End(failure));
  }

  @Override
  public void onComplete() {
    pieces.add(new Piece.End(null));
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    if (length == 0) {
      return 0;
    }
    var buffer = buffer();
    if (buffer == null) {
      return -1;
    }
    var count = 0;
    while (buffer != null && count < length) {
      var step = Math.min(length - count, buffer.remaining());
      buffer.get(into, offset + count, step);
      count += step;
      buffer = count < length ? buffered() : null;
    }
    return count;
  }

  /// {@return what else has come already}, null when nothing has
  private @Nullable ByteBuffer buffered() throws IOException {
    var left = current.subList(next, current.size()).stream().anyMatch(ByteBuffer::hasRemaining);
    return left || pieces.peek() instanceof Piece.Data ? buffer() : null;
  }

  /// {@return a buffer with something in it, null at the end of the body}
  private @Nullable ByteBuffer buffer() throws IOException {
    while (true) {
      while (next < current.size()) {
        if (current.get(next).hasRemaining()) {
          return current.get(next);
        }
        next++;
      }
      if (!advance()) {
        return null;
      }
    }
  }

  private boolean advance() throws IOException {
    if (end == null) {
      switch (take()) {
        case Piece.Data(var buffers) -> {
          current = buffers;
          next = 0;
          subscription.join().request(1);
          return true;
        }
        case Piece.End last -> end = last;
      }
    }
    if (end != null && end.failure() != null) {
      throw new IOException("connection broke: " + end.failure().getMessage(), end.failure());
    }
    return false;
  }

  private Piece take() throws IOException {
    try {
      var piece = pieces.poll(stall.toNanos(), TimeUnit.NANOSECONDS);
      if (piece == null) {
        close();
        atStall.run();
        throw new HttpTimeoutException("no data for " + stall.toSeconds() + " s");
      }
      return piece;
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("pull was cancelled").initCause(e);
    }
  }

  @Override
  public void close() {
    if (subscription.isDone()) {
      subscription.join().cancel();
    }
    if (end == null) {
      end = new Piece.End(new IOException("closed"));
    }
    current = List.of();
    next = 0;
    pieces.clear();
  }
}
