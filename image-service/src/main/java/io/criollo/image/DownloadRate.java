// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Keeps all downloads together below a rate, by letting each wait after what it has read: what is
/// not read, the registry does not send. Thread-safe.
final class DownloadRate {
  private static final int PIECES_PER_SECOND = 20;
  private static final int LARGEST_PIECE = 64 << 10;

  private final long bytesPerSecond;
  private final Semaphore never = new Semaphore(0);
  private long due = System.nanoTime();

  /// @param bytesPerSecond 0 for no limit
  DownloadRate(long bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  InputStream limit(InputStream from) {
    return bytesPerSecond == 0 ? from : new Limited(from);
  }

  private synchronized long nanosFor(int bytes) {
    long now = System.nanoTime();
    due = Math.max(due, now) + TimeUnit.SECONDS.toNanos(bytes) / bytesPerSecond;
    return due - now;
  }

  private final class Limited extends FilterInputStream {
    private final int piece =
        (int) Math.clamp(bytesPerSecond / PIECES_PER_SECOND, 1L, (long) LARGEST_PIECE);

    Limited(InputStream from) {
      super(from);
    }

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int count = super.read(into, offset, Math.min(length, piece));
      if (count > 0) {
        await(nanosFor(count));
      }
      return count;
    }

    private void await(long nanos) throws InterruptedIOException {
      try {
        var _ = never.tryAcquire(nanos, TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw (InterruptedIOException)
            new InterruptedIOException("pull was cancelled").initCause(e);
      }
    }
  }
}
