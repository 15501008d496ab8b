// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.CorruptedFrameException;

/// Turns long data frames into fragments before netty's decoder, which holds a frame in memory
/// until it is whole: clients send frames of 15 MB. All else passes untouched. Reads frame headers
/// only (RFC 6455 section 5.2); fragments keep the mask, whose four bytes divide their length.
public final class FrameSplitter extends ChannelInboundHandlerAdapter {
  /// The longest frame that is passed on.
  public static final int LARGEST = 60 * 1024;

  private static final int LONGEST_HEADER = 14;
  private static final int FIN = 0x80;
  private static final int CONTROL = 0x08;
  private static final int RESERVED_AND_OPCODE = 0x7f;
  private static final int MASKED = 0x80;
  private static final int LENGTH = 0x7f;
  private static final int LENGTH_16 = 126;
  private static final int MASK_BYTES = 4;

  private final byte[] header = new byte[LONGEST_HEADER];
  private int headerBytes;
  private long bodyLeft;
  private long splitLeft;
  private int flags;

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!(message instanceof ByteBuf bytes)) {
      context.fireChannelRead(message);
      return;
    }
    try {
      split(context, bytes);
    } finally {
      bytes.release();
    }
  }

  private void split(ChannelHandlerContext context, ByteBuf bytes) {
    while (bytes.isReadable()) {
      if (bodyLeft > 0) {
        int count = (int) Math.min(bodyLeft, bytes.readableBytes());
        bodyLeft -= count;
        context.fireChannelRead(bytes.readRetainedSlice(count));
      } else {
        header[headerBytes++] = bytes.readByte();
        if (headerBytes == headerLength()) {
          begin(context);
        }
      }
      if (bodyLeft == 0 && splitLeft > 0) {
        fragment(context);
      }
    }
  }

  private int headerLength() {
    if (headerBytes < 2) {
      return LONGEST_HEADER;
    }
    int mask = (header[1] & MASKED) == 0 ? 0 : MASK_BYTES;
    return 2 + extendedLength() + mask;
  }

  private int extendedLength() {
    int length = header[1] & LENGTH;
    if (length < LENGTH_16) {
      return 0;
    }
    return length == LENGTH_16 ? Short.BYTES : Long.BYTES;
  }

  private void begin(ChannelHandlerContext context) {
    long length = length();
    if (length < 0) {
      throw new CorruptedFrameException("WebSocket frame length above 63 bits");
    }
    if (length <= LARGEST || (header[0] & CONTROL) != 0) {
      // a control frame of a forbidden length is the decoder's to refuse
      bodyLeft = length;
      context.fireChannelRead(
          context.alloc().buffer(headerBytes).writeBytes(header, 0, headerBytes));
    } else {
      splitLeft = length;
      flags = header[0];
    }
    headerBytes = 0;
  }

  private long length() {
    int extended = extendedLength();
    if (extended == 0) {
      return header[1] & LENGTH;
    }
    long length = 0;
    for (int i = 2; i < 2 + extended; i++) {
      length = length << Byte.SIZE | (header[i] & 0xff);
    }
    return length;
  }

  private void fragment(ChannelHandlerContext context) {
    int length = (int) Math.min(splitLeft, LARGEST);
    splitLeft -= length;
    bodyLeft = length;
    int fin = splitLeft == 0 ? flags & FIN : 0;
    int masked = header[1] & MASKED;
    var out = context.alloc().buffer(LONGEST_HEADER);
    out.writeByte(fin | (flags & RESERVED_AND_OPCODE));
    if (length < LENGTH_16) {
      out.writeByte(masked | length);
    } else {
      out.writeByte(masked | LENGTH_16).writeShort(length);
    }
    if (masked != 0) {
      out.writeBytes(header, 2 + extendedLength(), MASK_BYTES);
    }
    flags &= FIN; // those that follow are continuations
    context.fireChannelRead(out);
  }
}
