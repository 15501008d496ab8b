// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

import io.criollo.image.reference.Digest;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A blob whose connection may break, stall or be refused for a while: it goes on from the byte it
/// came to, by range, or past the bytes already read when the registry knows no ranges. Gives up
/// after some failures in a row without a byte. One thread reads; closing it, from any thread, ends
/// a wait between attempts.
final class ResumingBlob extends InputStream {
  private static final int MOST_FAILURES = 5;
  private static final long FIRST_WAIT_MILLIS = 100;

  private final RegistryClient client;
  private final Digest digest;
  private final long size;
  private final CountDownLatch closed = new CountDownLatch(1);
  private @Nullable InputStream body;
  private long position;
  private int failures;

  ResumingBlob(RegistryClient client, Digest digest, long size) {
    this.client = client;
    this.digest = digest;
    this.size = size;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    while (true) {
      try {
        var count = body().read(into, offset, length);
        if (count < 0 && position < size) {
          throw new IOException("blob " + digest + " ended after " + position + " bytes");
        }
        position += Math.max(count, 0);
        failures = count > 0 ? 0 : failures;
        return count;
      } catch (InterruptedIOException cancelled) {
        throw cancelled;
      } catch (IOException e) {
        afterFailure(e);
      }
    }
  }

  private InputStream body() throws IOException {
    var open = body;
    if (open == null) {
      open = connect();
      body = open;
    }
    return open;
  }

  private InputStream connect() throws IOException {
    try {
      var part = client.blob(digest, position);
      part.body().skipNBytes(position - part.start());
      return part.body();
    } catch (ImageException e) {
      throw new IOException(e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("pull was cancelled").initCause(e);
    }
  }

  private void afterFailure(IOException failure) throws IOException {
    var refused = failure.getCause() instanceof ImageException e && e.kind() != Kind.UNAVAILABLE;
    if (refused || ++failures >= MOST_FAILURES) {
      throw failure;
    }
    var broken = body;
    body = null;
    if (broken != null) {
      broken.close();
    }
    var wait = FIRST_WAIT_MILLIS << (2 * failures - 2);
    var jitter = ThreadLocalRandom.current().nextLong(wait / 2 + 1);
    try {
      if (closed.await(wait + jitter, TimeUnit.MILLISECONDS)) {
        throw failure;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("pull was cancelled").initCause(e);
    }
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    var open = body;
    if (open != null) {
      open.close();
    }
  }
}
