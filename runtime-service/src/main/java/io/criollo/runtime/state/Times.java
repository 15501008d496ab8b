// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.state;

import java.time.Instant;

/// Times as the CRI counts them.
public final class Times {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private Times() {}

  /// {@return nanoseconds since the epoch}
  public static long nanos(Instant time) {
    return time.getEpochSecond() * NANOS_PER_SECOND + time.getNano();
  }
}
