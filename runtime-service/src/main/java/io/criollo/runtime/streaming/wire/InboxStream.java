// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;

/// An inbox as a stream, for parsers. Closing it closes the inbox.
public final class InboxStream extends InputStream {
  private final Inbox inbox;
  private ByteBuf piece = Unpooled.EMPTY_BUFFER;

  public InboxStream(Inbox inbox) {
    this.inbox = inbox;
  }

  @Override
  public int read() throws IOException {
    return fill() ? piece.readUnsignedByte() : -1;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int count = Math.min(length, piece.readableBytes());
    piece.readBytes(into, offset, count);
    return count;
  }

  @Override
  public void close() {
    piece.release();
    piece = Unpooled.EMPTY_BUFFER;
    inbox.close();
  }

  private boolean fill() throws IOException {
    if (piece.isReadable()) {
      return true;
    }
    piece.release();
    piece = Unpooled.EMPTY_BUFFER;
    try {
      piece = inbox.take().orElse(Unpooled.EMPTY_BUFFER);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
    return piece.isReadable();
  }
}
