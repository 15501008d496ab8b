// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/// How often, and after which waits, a place that failed is asked again: waits grow fourfold, with
/// some chance in them so that not all nodes of a cluster come back at once. One thread waits;
/// closing it, from any thread, ends a wait.
final class Patience implements AutoCloseable {
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final Duration firstWait;
  private final int mostFailures;
  private final CountDownLatch closed = new CountDownLatch(1);
  private int failures;

  Patience(Duration firstWait, int mostFailures) {
    this.firstWait = firstWait;
    this.mostFailures = mostFailures;
  }

  /// Forgets earlier failures.
  void restore() {
    failures = 0;
  }

  /// Waits after a failure, at least as long as the place asked for.
  ///
  /// @return whether to try again
  boolean await(Duration asked) throws InterruptedException {
    if (++failures >= mostFailures || asked.compareTo(LONGEST) > 0) {
      return false;
    }
    var wait = Math.max(firstWait.toMillis() << (2 * failures - 2), asked.toMillis());
    var jitter = ThreadLocalRandom.current().nextLong(wait / 2 + 1);
    return !closed.await(wait + jitter, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
