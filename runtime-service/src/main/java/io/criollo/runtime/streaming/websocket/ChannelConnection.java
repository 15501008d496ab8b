// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming.websocket;

import io.criollo.runtime.streaming.wire.Inbox;
import io.criollo.runtime.streaming.wire.Outlet;
import io.criollo.runtime.streaming.wire.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.base64.Base64;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The server's end of a WebSocket with numbered channels. All state belongs to the event loop. A
/// message may come in fragments, which are passed on as they come.
public final class ChannelConnection extends SimpleChannelInboundHandler<WebSocketFrame>
    implements AutoCloseable {
  private static final Logger LOG = System.getLogger(ChannelConnection.class.getName());

  private static final int CLOSE_CHANNEL = 255;

  private final Wire wire;
  private final ChannelProtocol protocol;
  private final List<Inbox> inputs;
  private @Nullable Inbox current;
  private boolean finished;

  /// A connection with channels 0 to `channels` - 1.
  public ChannelConnection(Wire wire, ChannelProtocol protocol, int channels) {
    this.wire = wire;
    this.protocol = protocol;
    this.inputs = IntStream.range(0, channels).mapToObj(_ -> new Inbox(wire.gate())).toList();
  }

  public Inbox input(int channel) {
    return inputs.get(channel);
  }

  public Outlet output(int channel) {
    return new Outlet(wire, new ChannelFraming(protocol, channel));
  }

  /// Ends the connection once all that was sent is out. Thread-safe.
  public void finish() {
    wire.channel().eventLoop().execute(() -> finish(WebSocketCloseStatus.NORMAL_CLOSURE));
  }

  /// The session is over: as [#finish], and input that nobody took is dropped. Thread-safe.
  @Override
  public void close() {
    finish();
    inputs.forEach(Inbox::close);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
    if (finished) {
      if (frame instanceof CloseWebSocketFrame) {
        var _ = context.close();
      }
      return;
    }
    switch (frame) {
      case BinaryWebSocketFrame binary when !protocol.base64() -> begun(binary);
      case TextWebSocketFrame text when protocol.base64() && text.isFinalFragment() -> whole(text);
      case ContinuationWebSocketFrame more when !protocol.base64() -> put(current, more.content());
      case PingWebSocketFrame ping -> wire.gate().answer(pong(ping));
      case CloseWebSocketFrame _ -> finish(WebSocketCloseStatus.NORMAL_CLOSURE);
      case BinaryWebSocketFrame _, TextWebSocketFrame _, ContinuationWebSocketFrame _ ->
          finish(WebSocketCloseStatus.INVALID_MESSAGE_TYPE);
      default -> {
        // a pong
      }
    }
  }

  private void begun(BinaryWebSocketFrame frame) {
    var bytes = frame.content();
    current = null;
    if (!bytes.isReadable()) {
      return;
    }
    int channel = bytes.readUnsignedByte();
    if (channel == CLOSE_CHANNEL && protocol.closesChannels()) {
      closed(bytes);
      return;
    }
    current = at(channel).orElse(null);
    put(current, bytes);
  }

  private void closed(ByteBuf bytes) {
    if (bytes.isReadable()) {
      at(bytes.readUnsignedByte()).ifPresent(Inbox::end);
    }
  }

  private void whole(TextWebSocketFrame frame) {
    var bytes = frame.content();
    if (!bytes.isReadable()) {
      return;
    }
    var inbox = at(bytes.readUnsignedByte() - '0');
    ByteBuf decoded;
    try {
      decoded = Base64.decode(bytes);
    } catch (IllegalArgumentException e) {
      finish(WebSocketCloseStatus.INVALID_PAYLOAD_DATA);
      return;
    }
    inbox.ifPresentOrElse(i -> i.put(decoded), decoded::release);
  }

  private Optional<Inbox> at(int channel) {
    return channel >= 0 && channel < inputs.size()
        ? Optional.of(inputs.get(channel))
        : Optional.empty();
  }

  private static void put(@Nullable Inbox inbox, ByteBuf bytes) {
    if (inbox != null) {
      inbox.put(bytes.retain());
    }
  }

  private static Object pong(PingWebSocketFrame ping) {
    return new PongWebSocketFrame(ping.content().retain());
  }

  private void finish(WebSocketCloseStatus status) {
    if (finished) {
      return;
    }
    finished = true;
    breakInputs("connection is closing");
    wire.finish(new CloseWebSocketFrame(status));
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    breakInputs("client is gone");
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.log(Level.DEBUG, "streaming connection cut", cause);
    var _ = context.close();
  }

  private void breakInputs(String reason) {
    inputs.forEach(input -> input.fail(reason));
  }
}
