// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming.wire;

import io.netty.buffer.ByteBuf;
import java.io.IOException;

/// One stream to the client. Written by one blocking thread; may be cut by another.
public final class Outlet {
  private final Wire wire;
  private final Framing framing;
  private volatile boolean ended;

  public Outlet(Wire wire, Framing framing) {
    this.wire = wire;
    this.framing = framing;
  }

  /// Sends the bytes and takes them over; waits while the client does not read.
  ///
  /// @throws IOException when the stream or the client is gone
  public void write(ByteBuf bytes) throws IOException, InterruptedException {
    if (ended) {
      bytes.release();
      throw new IOException("stream is closed");
    }
    wire.send(framing.data(bytes));
  }

  /// Tells the client that nothing more comes on this stream.
  ///
  /// @return whether the protocol can tell that
  public boolean end() throws IOException, InterruptedException {
    var mark = framing.end();
    if (!ended && mark.isPresent()) {
      wire.send(mark.get());
    }
    ended = true;
    return mark.isPresent();
  }

  /// The client wants no more of this stream.
  public void cut() {
    ended = true;
  }

  /// {@return an empty buffer to fill and write}
  public ByteBuf buffer(int size) {
    return wire.channel().alloc().directBuffer(size, size);
  }
}
