// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming.wire;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/// Copies between blocking channels and a client's streams until the end of what is copied. Closes
/// nothing.
public final class Pump {
  private static final int SMALLEST = 4 * 1024;
  private static final int LARGEST = 64 * 1024;

  private Pump() {}

  /// Client to channel.
  public static void copy(Inbox from, WritableByteChannel to)
      throws IOException, InterruptedException {
    for (var bytes = from.take(); bytes.isPresent(); bytes = from.take()) {
      writeAll(bytes.get(), to);
    }
  }

  /// Channel to client. The buffer grows while it comes back full, so that a silent stream holds
  /// little.
  public static void copy(ReadableByteChannel from, Outlet to)
      throws IOException, InterruptedException {
    int size = SMALLEST;
    while (true) {
      var buffer = to.buffer(size);
      int count;
      try {
        count = from.read(buffer.internalNioBuffer(0, size));
      } catch (IOException | RuntimeException e) {
        buffer.release();
        throw e;
      }
      if (count < 0) {
        buffer.release();
        return;
      }
      to.write(buffer.writerIndex(count));
      size = next(size, count);
    }
  }

  private static int next(int size, int count) {
    if (count == size) {
      return Math.min(size * 4, LARGEST);
    }
    return count < size / 4 ? Math.max(size / 4, SMALLEST) : size;
  }

  private static void writeAll(ByteBuf bytes, WritableByteChannel to) throws IOException {
    try {
      for (var part : bytes.nioBuffers()) {
        while (part.hasRemaining()) {
          to.write(part);
        }
      }
    } finally {
      bytes.release();
    }
  }
}
