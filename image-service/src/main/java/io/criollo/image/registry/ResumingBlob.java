// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

import io.criollo.image.reference.Digest;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A blob whose connection may break, stall or be refused for a while: it goes on from the byte it
/// came to, by range, or past the bytes already read when the registry knows no ranges. After some
/// failures in a row without a byte, or a refusal, the next place goes on where the last one
/// stopped. A refusal of the last one is the cause of an [IOException]. One thread reads; closing
/// it, from any thread, ends a wait between attempts.
public final class ResumingBlob extends InputStream {
  private static final System.Logger LOG = System.getLogger(ResumingBlob.class.getName());
  private static final int MOST_FAILURES = 5;

  private final List<RegistryClient> clients;
  private final Digest digest;
  private final long size;
  private volatile int at;
  private volatile Patience patience;
  private @Nullable InputStream body;
  private long position;

  ResumingBlob(List<RegistryClient> clients, Digest digest, long size, long from) {
    this.clients = clients;
    this.digest = digest;
    this.size = size;
    this.position = from;
    this.patience = clients.getFirst().patience(MOST_FAILURES);
  }

  /// {@return the place that the bytes come from now}
  public RegistryClient client() {
    return clients.get(at);
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    while (true) {
      if (body == null && position >= size) {
        return -1; // all of it was here: a registry refuses a range of nothing
      }
      try {
        var count = body().read(into, offset, length);
        if (count < 0 && position < size) {
          throw new IOException("blob " + digest + " ended after " + position + " bytes");
        }
        position += Math.max(count, 0);
        if (count > 0) {
          patience.restore();
        }
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
      var part = client().blob(digest, position);
      part.body().skipNBytes(position - part.start());
      return part.body();
    } catch (ImageException e) {
      throw e.wrapped();
    } catch (InterruptedException e) {
      throw cancelled(e);
    }
  }

  private void afterFailure(IOException failure) throws IOException {
    var broken = body;
    body = null;
    if (broken != null) {
      broken.close();
    }
    if (!isWorthAnotherTry(failure)) {
      if (at + 1 >= clients.size()) {
        throw failure;
      }
      LOG.log(
          System.Logger.Level.WARNING,
          "blob {0}: {1} is given up at byte {2}: {3}",
          digest,
          client().source(),
          position,
          failure.getMessage());
      moveOn();
      patience = client().patience(MOST_FAILURES);
    }
  }

  /// One thread writes the number, others look on.
  private void moveOn() {
    int next = at + 1;
    at = next;
  }

  private boolean isWorthAnotherTry(IOException failure) throws IOException {
    var refusal = failure.getCause() instanceof ImageException e ? e : null;
    if (refusal != null && refusal.kind() != Kind.UNAVAILABLE) {
      return false;
    }
    try {
      return patience.await(refusal == null ? Duration.ZERO : refusal.retryAfter());
    } catch (InterruptedException e) {
      throw cancelled(e);
    }
  }

  private static IOException cancelled(InterruptedException e) {
    Thread.currentThread().interrupt();
    return (IOException) new InterruptedIOException("pull was cancelled").initCause(e);
  }

  @Override
  public void close() throws IOException {
    patience.close();
    var open = body;
    if (open != null) {
      open.close();
    }
  }
}
