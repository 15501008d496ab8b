// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.Future;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The one HTTP request of a connection: finds the call of its token and upgrades the connection to
/// SPDY or WebSocket, or answers with an error and closes. Must come within the creation timeout.
final class Upgrade extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final Logger LOG = System.getLogger(Upgrade.class.getName());

  /// A request that is answered with an HTTP error.
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    private final transient HttpResponseStatus status;

    Refused(HttpResponseStatus status, String message) {
      super(message, null, false, false);
      this.status = status;
    }
  }

  private final Tokens tokens;
  private final Protocols protocols;
  private final Duration patience;
  private @Nullable Future<?> deadline;

  Upgrade(Tokens tokens, Protocols protocols, Duration patience) {
    this.tokens = tokens;
    this.protocols = protocols;
    this.patience = patience;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    Runnable cut = () -> closed(context);
    deadline = context.executor().schedule(cut, patience.toMillis(), TimeUnit.MILLISECONDS);
    context.fireChannelActive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    if (deadline != null) {
      deadline.cancel(false);
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    try {
      protocols.upgrade(context, request, call(request));
    } catch (Refused e) {
      refuse(context, e);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.log(Level.DEBUG, "streaming connection cut", cause);
    var _ = context.close();
  }

  private static void closed(ChannelHandlerContext context) {
    var _ = context.close();
  }

  private StreamingCall call(FullHttpRequest request) throws Refused {
    if (!request.decoderResult().isSuccess()) {
      throw new Refused(HttpResponseStatus.BAD_REQUEST, "malformed request");
    }
    if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.POST)) {
      throw new Refused(HttpResponseStatus.METHOD_NOT_ALLOWED, "method must be GET or POST");
    }
    var path = request.uri().split("\\?", 2)[0].split("/", -1);
    if (path.length == 3 && path[0].isEmpty()) {
      var call = tokens.redeem(path[1], path[2]);
      if (call.isPresent()) {
        return call.get();
      }
    }
    throw new Refused(HttpResponseStatus.NOT_FOUND, "unknown, used or expired streaming URL");
  }

  private static void refuse(ChannelHandlerContext context, Refused refused) {
    var body = Unpooled.copiedBuffer(refused.getMessage() + "\n", StandardCharsets.UTF_8);
    var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, refused.status, body);
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
        .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes())
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
  }
}
