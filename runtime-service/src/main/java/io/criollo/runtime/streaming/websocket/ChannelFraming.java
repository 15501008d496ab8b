// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming.websocket;

import io.criollo.runtime.streaming.wire.Framing;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.base64.Base64;
import io.netty.handler.codec.base64.Base64Dialect;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import java.util.Optional;

/// Messages of one channel: its number, then the bytes. No version tells the client that a channel
/// has ended; the end of the connection does.
record ChannelFraming(ChannelProtocol protocol, int channel) implements Framing {
  @Override
  public Object data(ByteBuf bytes) {
    if (!protocol.base64()) {
      return new BinaryWebSocketFrame(
          Unpooled.wrappedBuffer(Unpooled.wrappedBuffer(new byte[] {(byte) channel}), bytes));
    }
    try {
      var digit = Unpooled.wrappedBuffer(new byte[] {(byte) ('0' + channel)});
      return new TextWebSocketFrame(
          Unpooled.wrappedBuffer(digit, Base64.encode(bytes, false, Base64Dialect.STANDARD)));
    } finally {
      bytes.release();
    }
  }

  @Override
  public Optional<Object> end() {
    return Optional.empty();
  }
}
