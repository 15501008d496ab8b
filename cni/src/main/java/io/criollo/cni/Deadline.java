// SPDX-License-Identifier: Apache-2.0
package io.criollo.cni;

import java.time.Duration;

/// The time that is left to one operation on a whole chain.
record Deadline(long nanoTime) {
  static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  /// {@return the time left, never less than a millisecond}
  Duration left() {
    return Duration.ofNanos(Math.max(nanoTime - System.nanoTime(), 1_000_000));
  }

  /// {@return an equal share of the time left, so that one that hangs leaves time to the others}
  Duration share(int sharers) {
    return left().dividedBy(sharers);
  }
}
