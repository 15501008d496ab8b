// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming.spdy;

import io.criollo.runtime.streaming.wire.Wire;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.spdy.DefaultSpdyGoAwayFrame;
import io.netty.handler.codec.spdy.DefaultSpdyPingFrame;
import io.netty.handler.codec.spdy.DefaultSpdyRstStreamFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynReplyFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyHeaders;
import io.netty.handler.codec.spdy.SpdyPingFrame;
import io.netty.handler.codec.spdy.SpdyRstStreamFrame;
import io.netty.handler.codec.spdy.SpdySessionStatus;
import io.netty.handler.codec.spdy.SpdyStreamStatus;
import io.netty.handler.codec.spdy.SpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyVersion;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// The server's end of a SPDY/3.1 connection: accepts streams, hands their bytes over, answers
/// pings, keeps the limits. All state belongs to the event loop. Flow control windows are not kept:
/// the Go clients do not know them; the TCP connection as a whole is gated instead.
public final class SpdyConnection extends SimpleChannelInboundHandler<SpdyFrame>
    implements AutoCloseable {
  private static final Logger LOG = System.getLogger(SpdyConnection.class.getName());

  private static final int LARGEST_CHUNK = 64 * 1024;

  /// Decides on a new stream, on the event loop.
  @FunctionalInterface
  public interface Acceptor {
    /// {@return whether the stream is taken; a taken stream is closed by the taker}
    boolean accept(SpdyStream stream);
  }

  private final Wire wire;
  private final SpdyLimits limits;
  private final Acceptor acceptor;
  private final RateLimit resets;
  private final Map<Integer, SpdyStream> streams = new HashMap<>();
  private int lastId;
  private boolean finished;

  private SpdyConnection(Wire wire, SpdyLimits limits, Acceptor acceptor) {
    this.wire = wire;
    this.limits = limits;
    this.acceptor = acceptor;
    this.resets = new RateLimit(limits.resetsPerSecond(), System::nanoTime);
  }

  /// Adds the codec and the connection at the end of the pipeline. On the event loop.
  public static SpdyConnection install(
      ChannelPipeline pipeline, Wire wire, SpdyLimits limits, Acceptor acceptor) {
    var connection = new SpdyConnection(wire, limits, acceptor);
    pipeline.addLast(new ControlFrameLimit(limits.controlFrame()));
    pipeline.addLast(
        new SpdyFrameCodec(SpdyVersion.SPDY_3_1, LARGEST_CHUNK, limits.headers(), 6, 15, 8));
    pipeline.addLast(connection);
    return connection;
  }

  /// Ends the connection once all that was sent is out. Thread-safe.
  public void finish() {
    wire.channel().eventLoop().execute(() -> finish(SpdySessionStatus.OK));
  }

  /// The session is over: as [#finish], and input that nobody took is dropped. Thread-safe.
  @Override
  public void close() {
    finish();
    wire.channel()
        .eventLoop()
        .execute(() -> streams.values().forEach(stream -> stream.input().close()));
  }

  Wire wire() {
    return wire;
  }

  void reset(SpdyStream stream) {
    wire.channel().eventLoop().execute(() -> refuse(stream.id(), SpdyStreamStatus.INTERNAL_ERROR));
  }

  void forget(SpdyStream stream) {
    wire.channel().eventLoop().execute(() -> streams.remove(stream.id(), stream));
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, SpdyFrame frame) {
    if (finished) {
      return;
    }
    switch (frame) {
      case SpdyDataFrame data -> received(data);
      case SpdySynStreamFrame syn -> opened(syn);
      case SpdyRstStreamFrame reset -> gone(reset);
      case SpdyPingFrame ping when (ping.id() & 1) == 1 ->
          wire.gate().answer(new DefaultSpdyPingFrame(ping.id()));
      default -> {
        // settings, window updates, further headers, farewells: nothing follows from them
      }
    }
  }

  private void received(SpdyDataFrame data) {
    var stream = streams.get(data.streamId());
    if (stream == null) {
      return; // the stream ended here while this was under way
    }
    stream.input().put(data.content().retain());
    if (data.isLast()) {
      stream.input().end();
    }
  }

  private void opened(SpdySynStreamFrame syn) {
    int id = syn.streamId();
    if (id <= lastId || (id & 1) == 0 || syn.isTruncated()) {
      finish(SpdySessionStatus.PROTOCOL_ERROR);
      return;
    }
    lastId = id;
    if (syn.isInvalid() || syn.isUnidirectional() || syn.associatedStreamId() != 0) {
      refuse(id, SpdyStreamStatus.PROTOCOL_ERROR);
      return;
    }
    var stream = new SpdyStream(this, id, headers(syn.headers()));
    if (streams.size() >= limits.streams()) {
      refuse(id, SpdyStreamStatus.REFUSED_STREAM);
      return;
    }
    streams.put(id, stream);
    if (!acceptor.accept(stream)) {
      streams.remove(id);
      refuse(id, SpdyStreamStatus.REFUSED_STREAM);
      return;
    }
    accepted(syn, stream);
  }

  private void accepted(SpdySynStreamFrame syn, SpdyStream stream) {
    var reply = new DefaultSpdySynReplyFrame(stream.id());
    // an empty header block would be sent as no bytes at all, on which Go waits for ever
    reply.headers().add("server", "criollo");
    wire.gate().answer(reply);
    if (syn.isLast()) {
      stream.input().end();
    }
  }

  /// A reset stream stays in the table until its taker is done with it: opening and resetting in a
  /// loop never has more at work than the limit.
  private void gone(SpdyRstStreamFrame reset) {
    if (!resets.allows()) {
      finish(SpdySessionStatus.PROTOCOL_ERROR);
      return;
    }
    var stream = streams.get(reset.streamId());
    if (stream != null) {
      stream.broken("stream was reset by the client");
    }
  }

  private void refuse(int id, SpdyStreamStatus status) {
    wire.gate().answer(new DefaultSpdyRstStreamFrame(id, status));
  }

  private void finish(SpdySessionStatus status) {
    if (finished) {
      return;
    }
    finished = true;
    breakStreams("connection is closing");
    wire.finish(new DefaultSpdyGoAwayFrame(lastId, status));
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    breakStreams("client is gone");
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.log(Level.DEBUG, "streaming connection cut", cause);
    var _ = context.close();
  }

  private void breakStreams(String reason) {
    streams.values().forEach(stream -> stream.broken(reason));
  }

  private static Map<String, String> headers(SpdyHeaders raw) {
    var headers = new HashMap<String, String>();
    for (var header : raw) {
      headers.putIfAbsent(
          header.getKey().toString().toLowerCase(Locale.ROOT), header.getValue().toString());
    }
    return headers;
  }
}
