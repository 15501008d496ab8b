// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.unpack;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/// A tar stream as blocks and as the padded content between them, through one buffer. One thread.
final class BlockReader {
  private static final int BUFFER = 128 << 10;

  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER];
  private int at;
  private int end;
  private long left;
  private long padding;

  BlockReader(InputStream in) {
    this.in = in;
  }

  /// {@return a header block, empty at the end of the stream}
  Optional<byte[]> block() throws IOException {
    var block = new byte[TarHeader.BLOCK];
    var into = ByteBuffer.wrap(block);
    while (into.hasRemaining()) {
      if (at == end && !fill()) {
        if (into.position() == 0) {
          return Optional.empty();
        }
        throw new EOFException("tar archive ends within a header");
      }
      copy(into, into.remaining());
    }
    return Optional.of(block);
  }

  /// Declares that content of this length follows, padded to a whole block.
  void startContent(long size) {
    left = size;
    padding = -size & (TarHeader.BLOCK - 1);
  }

  /// {@return content bytes not yet read}
  long left() {
    return left;
  }

  /// {@return bytes read, -1 at the end of the content}
  int read(ByteBuffer into) throws IOException {
    if (left == 0) {
      return -1;
    }
    if (at == end && !fill()) {
      throw new EOFException("tar archive ends within a file");
    }
    var count = copy(into, left);
    left -= count;
    return count;
  }

  void readFully(ByteBuffer into) throws IOException {
    while (into.hasRemaining()) {
      if (read(into) < 0) {
        throw Corrupt.because("tar entry is shorter than its headers say");
      }
    }
  }

  /// Goes on to the next block, past content that was not read.
  void skipRest() throws IOException {
    for (var rest = left + padding; rest > 0; ) {
      if (at == end && !fill()) {
        throw new EOFException("tar archive ends within a file");
      }
      var step = (int) Math.min(rest, end - at);
      at += step;
      rest -= step;
    }
    left = 0;
    padding = 0;
  }

  private int copy(ByteBuffer into, long most) {
    var count = (int) Math.min(Math.min(into.remaining(), end - at), most);
    into.put(buffer, at, count);
    at += count;
    return count;
  }

  private boolean fill() throws IOException {
    at = 0;
    end = Math.max(in.read(buffer, 0, buffer.length), 0);
    return end > 0;
  }
}
