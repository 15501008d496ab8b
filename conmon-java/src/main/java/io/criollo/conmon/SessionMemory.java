// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import java.util.concurrent.atomic.AtomicInteger;

/// Gives back what sessions have left in and outside of the heap, once the last of many has ended:
/// by itself Java's serial collector waits until the heap is at its limit. Thread-safe.
final class SessionMemory {
  /// As many are worth a collection, which stops the logs for some 20 ms.
  private static final int MANY = 50;

  private final Runnable collection;
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();

  /// @param collection gives back memory that nobody uses
  SessionMemory(Runnable collection) {
    this.collection = collection;
  }

  /// {@return what is closed when the session has ended}
  Use use() {
    underWay.incrementAndGet();
    return this::end;
  }

  private void end() {
    int count = ended.incrementAndGet();
    if (underWay.decrementAndGet() == 0 && count >= MANY) {
      ended.set(0);
      collection.run();
    }
  }

  /// One session's part.
  interface Use extends AutoCloseable {
    @Override
    void close();
  }
}
