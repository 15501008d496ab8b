// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.client;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// How many more bytes may be sent. Thread-safe, virtual threads too.
final class Credit {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long left;
  private boolean ended;

  Credit(long left) {
    this.left = left;
  }

  /// Waits until there is as much.
  ///
  /// @return false when nothing is taken any more
  boolean take(int count) {
    lock.lock();
    try {
      while (left < count && !ended) {
        changed.awaitUninterruptibly();
      }
      left -= count;
      return !ended;
    } finally {
      lock.unlock();
    }
  }

  void give(int count) {
    lock.lock();
    try {
      left += count;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
