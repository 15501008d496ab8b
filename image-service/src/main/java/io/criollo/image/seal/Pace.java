// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.seal;

import java.io.InterruptedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// How fast the disk is read. Used by one thread at a time; closed by another one, which ends the
/// reading.
public final class Pace implements AutoCloseable {
  private final long bytesPerSecond;
  private final CountDownLatch closed = new CountDownLatch(1);
  private long due = System.nanoTime();

  private Pace(long bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  public static Pace full() {
    return new Pace(Long.MAX_VALUE);
  }

  public static Pace ofBytesPerSecond(long most) {
    return new Pace(most);
  }

  /// Does nothing while this is open.
  ///
  /// @throws InterruptedIOException when this is closed
  public void goOn() throws InterruptedIOException {
    if (closed.getCount() == 0) {
      throw new InterruptedIOException("check of layers was ended");
    }
  }

  /// Waits as long as this many bytes are to take; a pause is not made good for.
  ///
  /// @throws InterruptedIOException when this is closed
  void took(int bytes) throws InterruptedIOException {
    if (bytesPerSecond != Long.MAX_VALUE) {
      long now = System.nanoTime();
      due = Math.max(due, now) + TimeUnit.SECONDS.toNanos(bytes) / bytesPerSecond;
      try {
        var _ = closed.await(due - now, TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        throw (InterruptedIOException) new InterruptedIOException("check of layers").initCause(e);
      }
    }
    goOn();
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
