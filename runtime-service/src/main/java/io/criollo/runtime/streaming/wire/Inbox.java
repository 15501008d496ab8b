// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming.wire;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Bytes of one stream from the client: put in by the event loop, taken out by one blocking thread.
/// Bounded by the connection's [ReadGate]. The taker closes it; what comes later is dropped.
public final class Inbox implements AutoCloseable {
  /// What a queued piece costs beyond its bytes.
  private static final int OVERHEAD = 256;

  private final ReadGate gate;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<ByteBuf> pieces = new ArrayDeque<>();
  private boolean ended;
  private boolean closed;
  private @Nullable String failure;

  public Inbox(ReadGate gate) {
    this.gate = gate;
  }

  /// Takes over the bytes.
  public void put(ByteBuf bytes) {
    int cost = cost(bytes.readableBytes());
    lock.lock();
    try {
      if (ended || closed || !bytes.isReadable()) {
        bytes.release();
        return;
      }
      pieces.add(bytes);
      changed.signal();
    } finally {
      lock.unlock();
    }
    gate.hold(cost);
  }

  /// The client sends no more on this stream.
  public void end() {
    finish(null);
  }

  /// The stream broke: the taker fails once it has taken what came before.
  public void fail(String reason) {
    finish(reason);
  }

  private void finish(@Nullable String reason) {
    lock.lock();
    try {
      if (!ended) {
        ended = true;
        failure = reason;
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /// {@return the next bytes, which the caller releases; empty at the end}
  public Optional<ByteBuf> take() throws IOException, InterruptedException {
    ByteBuf piece;
    lock.lock();
    try {
      while (pieces.isEmpty() && !ended && !closed) {
        changed.await();
      }
      piece = pieces.poll();
      if (piece == null && failure != null) {
        throw new IOException(failure);
      }
    } finally {
      lock.unlock();
    }
    if (piece == null) {
      return Optional.empty();
    }
    gate.release(cost(piece.readableBytes()));
    return Optional.of(piece);
  }

  @Override
  public void close() {
    int cost = 0;
    lock.lock();
    try {
      closed = true;
      for (var piece = pieces.poll(); piece != null; piece = pieces.poll()) {
        cost += cost(piece.readableBytes());
        piece.release();
      }
      changed.signal();
    } finally {
      lock.unlock();
    }
    gate.release(cost);
  }

  private static int cost(int bytes) {
    return bytes + OVERHEAD;
  }
}
