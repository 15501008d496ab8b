// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming.spdy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.TooLongFrameException;

/// Cuts a connection that announces a control frame above the limit, before the codec works on it:
/// packed headers can be a thousand times their size. Reads frame headers only (SPDY/3 section 2.2:
/// one control bit, then a length of 24 bits in bytes 5 to 7).
final class ControlFrameLimit extends ChannelInboundHandlerAdapter {
  private static final int HEADER = 8;
  private static final long CONTROL_BIT = 1L << 63;
  private static final int LENGTH_MASK = 0xff_ffff;

  private final int limit;
  private long header;
  private int headerBytes;
  private int bodyLeft;

  ControlFrameLimit(int limit) {
    this.limit = limit;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof ByteBuf bytes && !passes(bytes)) {
      bytes.release();
      throw new TooLongFrameException("SPDY control frame above " + limit + " bytes");
    }
    context.fireChannelRead(message);
  }

  private boolean passes(ByteBuf bytes) {
    int at = bytes.readerIndex();
    int end = bytes.writerIndex();
    while (at < end) {
      if (bodyLeft > 0) {
        int skipped = Math.min(bodyLeft, end - at);
        bodyLeft -= skipped;
        at += skipped;
        continue;
      }
      header = header << 8 | bytes.getUnsignedByte(at++);
      if (++headerBytes == HEADER && !startBody()) {
        return false;
      }
    }
    return true;
  }

  private boolean startBody() {
    headerBytes = 0;
    bodyLeft = (int) header & LENGTH_MASK;
    return (header & CONTROL_BIT) == 0 || bodyLeft <= limit;
  }
}
