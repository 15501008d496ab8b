// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.metrics;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Set;

/// Answers the requests of one connection.
final class Scrape extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final Logger LOG = System.getLogger(Scrape.class.getName());
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final Set<HttpMethod> METHODS = Set.of(HttpMethod.GET, HttpMethod.HEAD);

  private final Pages pages;

  /// Makes a page of what is so now.
  @FunctionalInterface
  interface Pages {
    String next() throws IOException;
  }

  Scrape(Pages pages) {
    this.pages = pages;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    if (!request.decoderResult().isSuccess()) {
      answer(context, HttpResponseStatus.BAD_REQUEST, TEXT, "malformed request\n");
    } else if (!request.uri().split("\\?", 2)[0].equals("/metrics")) {
      answer(context, HttpResponseStatus.NOT_FOUND, TEXT, "metrics are at /metrics\n");
    } else if (!METHODS.contains(request.method())) {
      answer(context, HttpResponseStatus.METHOD_NOT_ALLOWED, TEXT, "method must be GET or HEAD\n");
    } else {
      page(context);
    }
  }

  private void page(ChannelHandlerContext context) {
    String page;
    try {
      page = pages.next();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "metrics: {0}", e.getMessage());
      answer(context, HttpResponseStatus.INTERNAL_SERVER_ERROR, TEXT, e.getMessage() + "\n");
      return;
    }
    answer(context, HttpResponseStatus.OK, Page.CONTENT_TYPE, page);
  }

  private static void answer(
      ChannelHandlerContext context, HttpResponseStatus status, String type, String text) {
    var body = ByteBufUtil.writeUtf8(context.alloc(), text);
    var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body);
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, type)
        .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
    if (status.equals(HttpResponseStatus.METHOD_NOT_ALLOWED)) {
      response.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD");
    }
    var _ = context.writeAndFlush(response);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.log(Level.DEBUG, "metrics connection cut", cause);
    var _ = context.close();
  }
}
