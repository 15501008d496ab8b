// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.IntConsumer;

/// Tells how many bytes come through.
final class CountedStream extends FilterInputStream {
  private final IntConsumer count;

  CountedStream(InputStream from, IntConsumer count) {
    super(from);
    this.count = count;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int came = super.read(into, offset, length);
    if (came > 0) {
      count.accept(came);
    }
    return came;
  }
}
