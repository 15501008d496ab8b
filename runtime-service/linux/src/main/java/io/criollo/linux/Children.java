// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.util.HashSet;
import java.util.Set;

/// Which children of this process are reaped by their holder, so that [Subreaper] keeps off them.
/// Any thread; the one lock is never held in a call that blocks.
final class Children {
  private static final Set<Long> OWNED = new HashSet<>();
  private static int holds;
  private static long generation;

  private Children() {}

  /// While held, no child is reaped but by its holder: for the time between its birth and [#own].
  static synchronized void hold() {
    holds++;
  }

  static synchronized void release() {
    holds--;
    Children.class.notifyAll();
  }

  static synchronized void own(long pid) {
    OWNED.add(pid);
    generation++;
    Children.class.notifyAll();
  }

  /// The holder has reaped it, or lets it go.
  static synchronized void disown(long pid) {
    if (OWNED.remove(pid)) {
      Children.class.notifyAll();
    }
  }

  static synchronized boolean owns(long pid) {
    return OWNED.contains(pid);
  }

  static synchronized long generation() {
    return generation;
  }

  /// Waits for the next [#own] after `seen`.
  static synchronized void awaitNext(long seen) throws InterruptedException {
    while (generation == seen) {
      Children.class.wait();
    }
  }

  /// Does `work`, which must not block, while nobody can own `pid`; waits until that is so.
  static synchronized long whenFree(long pid, Reaping work) throws InterruptedException {
    while (holds > 0 || OWNED.contains(pid)) {
      Children.class.wait();
    }
    return work.reap();
  }

  /// A wait that does not block.
  interface Reaping {
    long reap();
  }
}
