// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming.websocket;

import io.criollo.runtime.streaming.wire.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.MessageToMessageCodec;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.List;

/// Carries a byte stream in binary WebSocket messages, whose borders mean nothing.
public final class Tunnel extends MessageToMessageCodec<WebSocketFrame, ByteBuf> {
  /// The tunnelled form of port-forward.
  public static final String PORT_FORWARD = "SPDY/3.1+portforward.k8s.io";

  private final Wire wire;

  public Tunnel(Wire wire) {
    super(WebSocketFrame.class, ByteBuf.class);
    this.wire = wire;
  }

  @Override
  protected void encode(ChannelHandlerContext context, ByteBuf bytes, List<Object> out) {
    out.add(new BinaryWebSocketFrame(bytes.retain()));
  }

  @Override
  protected void decode(ChannelHandlerContext context, WebSocketFrame frame, List<Object> out) {
    switch (frame) {
      case BinaryWebSocketFrame binary -> out.add(binary.content().retain());
      case ContinuationWebSocketFrame more -> out.add(more.content().retain());
      case PingWebSocketFrame ping ->
          wire.gate().answer(context, new PongWebSocketFrame(ping.content().retain()));
      case CloseWebSocketFrame _ ->
          context
              .writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.NORMAL_CLOSURE))
              .addListener(_ -> wire.close());
      case PongWebSocketFrame _ -> {}
      default -> throw new CorruptedFrameException("text in a tunnel of bytes");
    }
  }
}
