// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.io;

import java.util.concurrent.locks.LockSupport;

/// Lets output gather when it comes in crumbs: a program that writes line by line would otherwise
/// cost five system calls for each. After a row of wake-ups that came at once and had little to do,
/// the loop rests for a millisecond after each; the pipes hold what comes meanwhile. Owned by the
/// I/O thread.
final class Pace {
  static final long REST = 1_000_000;
  private static final long AT_ONCE = 100_000;
  private static final long LITTLE = 200_000;
  static final int ROW = 16;

  private long waitingSince = System.nanoTime();
  private long wokenAt;
  private boolean atOnce;
  private int row;

  void woken() {
    wokenAt = System.nanoTime();
    atOnce = wokenAt - waitingSince < AT_ONCE;
  }

  void done() {
    long now = System.nanoTime();
    row = atOnce && now - wokenAt < LITTLE ? Math.min(row + 1, ROW) : 0;
    if (row == ROW) {
      LockSupport.parkNanos(REST);
      now = System.nanoTime();
    }
    waitingSince = now;
  }
}
