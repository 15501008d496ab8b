// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming.spdy;

import java.util.function.LongSupplier;

/// Lets so many events pass per second on average, after a burst of two seconds' worth. Used by one
/// thread.
final class RateLimit {
  private static final double NANOS = 1e9;

  private final double perSecond;
  private final LongSupplier nanoClock;
  private double left;
  private long last;

  RateLimit(int perSecond, LongSupplier nanoClock) {
    this.perSecond = perSecond;
    this.nanoClock = nanoClock;
    this.left = 2.0 * perSecond;
    this.last = nanoClock.getAsLong();
  }

  boolean allows() {
    long now = nanoClock.getAsLong();
    left = Math.min(2 * perSecond, left + (now - last) / NANOS * perSecond);
    last = now;
    if (left < 1) {
      return false;
    }
    left--;
    return true;
  }
}
