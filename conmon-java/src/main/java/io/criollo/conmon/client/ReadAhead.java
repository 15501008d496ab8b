// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;

/// A channel whose reads take what is there, so that the parts of a frame, and many small frames,
/// are one system call. What is held grows with what comes. One reader; writes go straight through.
final class ReadAhead implements ByteChannel {
  private static final int LEAST = 4 << 10;
  private static final int MOST = 64 << 10;

  private final ByteChannel channel;
  private ByteBuffer ahead = ByteBuffer.allocate(LEAST).flip();

  ReadAhead(ByteChannel channel) {
    this.channel = channel;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    if (!into.hasRemaining()) {
      return 0;
    }
    if (!ahead.hasRemaining()) {
      if (into.remaining() >= MOST) {
        return channel.read(into);
      }
      int count = channel.read(ahead.clear());
      ahead.flip();
      if (count <= 0) {
        return count;
      }
    }
    return take(into);
  }

  private int take(ByteBuffer into) {
    int count = Math.min(ahead.remaining(), into.remaining());
    into.put(into.position(), ahead, ahead.position(), count);
    into.position(into.position() + count);
    ahead.position(ahead.position() + count);
    if (!ahead.hasRemaining() && ahead.limit() == ahead.capacity() && ahead.limit() < MOST) {
      ahead = ByteBuffer.allocate(Math.min(4 * ahead.capacity(), MOST)).flip();
    }
    return count;
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    return channel.write(from);
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
