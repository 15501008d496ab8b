// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime;

import java.time.Duration;
import java.util.function.LongSupplier;

/// Gives back the memory that a burst of work left in the heap, once the daemon is quiet, or when
/// it is much. By itself Java's serial collector shrinks the heap only when it collects all of it;
/// a quiet daemon never gives it a reason to, a busy one only when the heap is at its limit.
final class IdleHeap {
  private static final Duration INTERVAL = Duration.ofSeconds(20);

  /// Of one processor.
  private static final double QUIET = 0.1;

  /// What is not worth collecting, in bytes.
  private static final long SLACK = 16L << 20;

  /// What is worth it while there is work, in bytes.
  private static final long MUCH = 64L << 20;

  private final LongSupplier committed;
  private final Runnable collection;
  private long afterCollection;
  private Duration cpu = Duration.ZERO;

  /// @param committed the size of the heap in bytes
  /// @param collection shrinks it
  IdleHeap(LongSupplier committed, Runnable collection) {
    this.committed = committed;
    this.collection = collection;
    this.afterCollection = committed.getAsLong();
  }

  /// Looks after the heap of this process until it is closed.
  static AutoCloseable watch() {
    var heap = new IdleHeap(Runtime.getRuntime()::totalMemory, System::gc);
    return Thread.ofVirtual().name("idle-heap").start(heap::keepLooking)::interrupt;
  }

  private void keepLooking() {
    try {
      while (true) {
        Thread.sleep(INTERVAL);
        look(ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO));
      }
    } catch (InterruptedException _) {
      // closed
    }
  }

  /// @param used all processor time of the process so far
  void look(Duration used) {
    boolean quiet = used.minus(cpu).toNanos() < QUIET * INTERVAL.toNanos();
    cpu = used;
    if (committed.getAsLong() > afterCollection + (quiet ? SLACK : MUCH)) {
      collection.run();
      afterCollection = committed.getAsLong();
    }
  }
}
