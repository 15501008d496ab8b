// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;

/// Reads a blob from its file as far as that goes, then from elsewhere into the file. One thread.
final class KeptStream extends InputStream {
  private final PartialBlob kept;
  private final InputStream rest;
  private long position;

  KeptStream(PartialBlob kept, InputStream rest) {
    this.kept = kept;
    this.rest = rest;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("pull was cancelled");
    }
    int count;
    if (position < kept.length()) {
      count = kept.read(position, into, offset, length);
    } else {
      count = rest.read(into, offset, length);
      if (count > 0) {
        kept.append(into, offset, count);
      }
    }
    position += Math.max(count, 0);
    return count;
  }

  @Override
  public void close() throws IOException {
    rest.close();
  }
}
