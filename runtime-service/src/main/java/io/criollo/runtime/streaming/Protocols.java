// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

import io.criollo.runtime.streaming.spdy.SpdyConnection;
import io.criollo.runtime.streaming.spdy.SpdyLimits;
import io.criollo.runtime.streaming.websocket.ChannelConnection;
import io.criollo.runtime.streaming.websocket.ChannelProtocol;
import io.criollo.runtime.streaming.websocket.FrameSplitter;
import io.criollo.runtime.streaming.websocket.Tunnel;
import io.criollo.runtime.streaming.wire.InputBudget;
import io.criollo.runtime.streaming.wire.Wire;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker13;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.IdleStateHandler;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Turns an HTTP connection into one of the four kinds of streaming connection and starts its
/// session. All on the event loop.
final class Protocols {
  /// An exec or attach opens at most five streams, once.
  private static final SpdyLimits COMMAND = SpdyLimits.ofStreams(8);

  private static final SpdyLimits FORWARD = SpdyLimits.ofStreams(2_000);
  private static final long MOST_INPUT_HELD = 64L << 20;
  private static final String WEBSOCKET_VERSION = "13";

  /// SPDY/3 section 2.6.5: control bit and version, type 6, length 4, and an odd number that the
  /// client did not send: it ignores the frame.
  private static final byte[] SPDY_HEARTBEAT = {
    (byte) 0x80, 3, 0, 6, 0, 0, 0, 4, 0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff
  };

  /// RFC 6455 section 5.5.3: a pong that nobody asked for is not answered.
  private static final byte[] WEBSOCKET_HEARTBEAT = {(byte) 0x8a, 0};

  private final StreamingSettings settings;
  private final Sessions sessions;
  private final InputBudget budget = new InputBudget(MOST_INPUT_HELD);

  Protocols(StreamingSettings settings, Sessions sessions) {
    this.settings = settings;
    this.sessions = sessions;
  }

  /// Upgrades the connection for the call or refuses.
  void upgrade(ChannelHandlerContext context, FullHttpRequest request, StreamingCall call)
      throws Upgrade.Refused {
    if (Negotiation.isWebSocket(request.headers())) {
      webSocket(context, request, call);
    } else if (Negotiation.isSpdy(request.headers())) {
      spdy(context, request, call);
    } else {
      throw new Upgrade.Refused(
          HttpResponseStatus.BAD_REQUEST, "must upgrade to SPDY/3.1 or websocket");
    }
  }

  private void spdy(ChannelHandlerContext context, FullHttpRequest request, StreamingCall call)
      throws Upgrade.Refused {
    var spoken =
        call instanceof StreamingCall.PortForward ? SpdyForward.PROTOCOLS : SpdyCommand.PROTOCOLS;
    var protocol = Negotiation.protocol(request.headers(), Negotiation.SPDY_PROTOCOL, spoken);
    var response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS);
    response
        .headers()
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
        .set(HttpHeaderNames.UPGRADE, Negotiation.SPDY);
    protocol.ifPresent(name -> response.headers().set(Negotiation.SPDY_PROTOCOL, name));
    var _ = context.writeAndFlush(response);
    var wire = install(context, SPDY_HEARTBEAT);
    switch (call) {
      case StreamingCall.PortForward forward -> forward(wire, forward);
      case StreamingCall.Command command ->
          command(wire, command, protocol.orElse(SpdyCommand.OLDEST));
    }
    context.pipeline().remove(HttpServerCodec.class);
  }

  private void forward(Wire wire, StreamingCall.PortForward call) {
    var loop = wire.channel().eventLoop();
    var acceptor =
        new SpdyForward(
            loop, settings.creation(), pair -> sessions.forward(wire, call.podId(), pair));
    var connection = SpdyConnection.install(wire.channel().pipeline(), wire, FORWARD, acceptor);
    sessions.onStop(wire, connection::finish);
  }

  private void command(Wire wire, StreamingCall.Command call, String protocol) {
    var streams = new SpdyCommand(call.options(), protocol);
    var connection = SpdyConnection.install(wire.channel().pipeline(), wire, COMMAND, streams);
    sessions.command(wire, call, () -> streams.await(wire, settings.creation()), connection::close);
  }

  private void webSocket(ChannelHandlerContext context, FullHttpRequest request, StreamingCall call)
      throws Upgrade.Refused {
    var headers = request.headers();
    if (!request.method().equals(HttpMethod.GET)
        || !headers.contains(HttpHeaderNames.SEC_WEBSOCKET_KEY)
        || !headers.contains(HttpHeaderNames.SEC_WEBSOCKET_VERSION, WEBSOCKET_VERSION, true)) {
      throw new Upgrade.Refused(
          HttpResponseStatus.BAD_REQUEST,
          "WebSocket needs GET, a key and version " + WEBSOCKET_VERSION);
    }
    var spoken =
        call instanceof StreamingCall.PortForward
            ? WebSocketForward.PROTOCOLS
            : ChannelProtocol.names();
    var protocol = Negotiation.protocol(headers, HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, spoken);
    requirePorts(call, protocol);
    shake(context, request, protocol.orElse(null));
    var wire = install(context, WEBSOCKET_HEARTBEAT);
    var pipeline = wire.channel().pipeline();
    pipeline.addAfter(pipeline.context(wire).name(), null, new FrameSplitter());
    if (protocol.filter(Tunnel.PORT_FORWARD::equals).isPresent()) {
      pipeline.addLast(new Tunnel(wire));
      forward(wire, (StreamingCall.PortForward) call);
      return;
    }
    var channels = protocol.flatMap(ChannelProtocol::named).orElse(ChannelProtocol.V1);
    switch (call) {
      case StreamingCall.PortForward forward -> forward(wire, channels, forward);
      case StreamingCall.Command command -> command(wire, channels, command);
    }
  }

  /// A tunnel's streams name their ports; numbered channels have them from the CRI's request.
  private static void requirePorts(StreamingCall call, Optional<String> protocol)
      throws Upgrade.Refused {
    if (call instanceof StreamingCall.PortForward forward
        && forward.ports().isEmpty()
        && protocol.filter(Tunnel.PORT_FORWARD::equals).isEmpty()) {
      throw new Upgrade.Refused(
          HttpResponseStatus.BAD_REQUEST,
          "port-forward over " + protocol.orElse("websocket") + " needs ports in its request");
    }
  }

  private void forward(Wire wire, ChannelProtocol protocol, StreamingCall.PortForward call) {
    var forward = new WebSocketForward(sessions.ports(), call.podId(), call.ports());
    var connection = new ChannelConnection(wire, protocol, forward.channels());
    wire.channel().pipeline().addLast(connection);
    sessions.onStop(wire, connection::finish);
    sessions.forward(wire, forward, connection);
  }

  private void command(Wire wire, ChannelProtocol protocol, StreamingCall.Command call) {
    var connection = new ChannelConnection(wire, protocol, WebSocketCommand.CHANNELS);
    wire.channel().pipeline().addLast(connection);
    sessions.command(
        wire,
        call,
        () -> WebSocketCommand.open(connection, protocol, call.options()),
        connection::close);
  }

  private static void shake(
      ChannelHandlerContext context, FullHttpRequest request, @Nullable String protocol) {
    var decoder =
        WebSocketDecoderConfig.newBuilder()
            .maxFramePayloadLength(FrameSplitter.LARGEST)
            .allowExtensions(false)
            .build();
    var handshake = new WebSocketServerHandshaker13(request.uri(), protocol, decoder);
    var _ = handshake.handshake(context.channel(), request);
  }

  /// Replaces what was there for HTTP, except the codec.
  private Wire install(ChannelHandlerContext context, byte[] heartbeat) {
    var pipeline = context.pipeline();
    if (pipeline.get(HttpObjectAggregator.class) != null) {
      pipeline.remove(HttpObjectAggregator.class);
    }
    var wire = new Wire(context.channel(), heartbeat, budget);
    var idle = new IdleStateHandler(0, 0, settings.idle().toMillis(), TimeUnit.MILLISECONDS);
    var tls = pipeline.context(SslHandler.class);
    if (tls == null) {
      pipeline.addFirst(idle, wire);
    } else {
      pipeline.addAfter(tls.name(), null, wire).addAfter(tls.name(), null, idle);
    }
    pipeline.remove(context.handler());
    return wire;
  }
}
