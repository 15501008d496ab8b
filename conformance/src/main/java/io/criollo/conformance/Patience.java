// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import java.io.IOException;
import java.time.Duration;

/// Waits from outside for what another process does and does not tell: looked at every 20 ms.
public final class Patience {
  private static final Duration STEP = Duration.ofMillis(20);

  private Patience() {}

  /// What is waited for.
  @FunctionalInterface
  public interface Condition {
    /// {@return whether it has come}
    boolean holds() throws IOException, InterruptedException;
  }

  /// Returns when the condition holds.
  ///
  /// @throws IOException after `limit`, with `what` in its message
  public static void await(String what, Duration limit, Condition condition)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > end) {
        throw new IOException("not within " + limit.toSeconds() + " s: " + what);
      }
      Thread.sleep(STEP);
    }
  }
}
