// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

import io.criollo.runtime.tls.TlsEngines;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// The listening socket, its event loops and its open connections. Closed by the server.
final class Listener implements AutoCloseable {
  private static final int LOOPS = 2;
  private static final int LONGEST_BODY = 1_024;
  private static final Duration FAREWELL = Duration.ofSeconds(3);
  private static final WriteBufferWaterMark UNSENT =
      new WriteBufferWaterMark(64 * 1024, 192 * 1024);

  private final EventLoopGroup loops;
  private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
  private final Channel server;
  private final String scheme;

  private Listener(
      EventLoopGroup loops, InetSocketAddress address, Optional<TlsEngines> tls, Clients clients)
      throws IOException {
    this.loops = loops;
    this.scheme = tls.isPresent() ? "https://" : "http://";
    var bound =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, UNSENT)
            .childHandler(new Accepted(open, tls, clients))
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(
          "listen on " + address + ": " + bound.cause().getMessage(), bound.cause());
    }
    this.server = bound.channel();
  }

  /// How many may be connected at once; one more is hung up on. Each meets a handler of its own
  /// behind the HTTP codec.
  record Clients(int most, Supplier<ChannelHandler> handlers) {}

  static Listener open(StreamingSettings settings, Clients clients) throws IOException {
    var tls = Optional.<TlsEngines>empty();
    if (settings.tls().isPresent()) {
      tls = Optional.of(TlsEngines.open(settings.tls().get()));
    }
    var loops =
        new MultiThreadIoEventLoopGroup(
            LOOPS, new DefaultThreadFactory("streaming", true), NioIoHandler.newFactory());
    try {
      return new Listener(loops, settings.address(), tls, clients);
    } catch (IOException | RuntimeException e) {
      var _ = loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
      throw e;
    }
  }

  InetSocketAddress address() {
    return (InetSocketAddress) server.localAddress();
  }

  /// {@return the beginning of the URLs; the node itself when the address is a wildcard}
  String baseUrl() {
    var address = address();
    var host = address.getAddress();
    var reachable = host.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : host;
    var text = reachable.getHostAddress();
    return scheme + (text.contains(":") ? "[" + text + "]" : text) + ":" + address.getPort();
  }

  /// Takes no more connections.
  void refuse() {
    server.close().awaitUninterruptibly();
  }

  /// Waits a moment for clients to hang up, and cuts the connections of those who do not.
  void disconnect() {
    var _ = open.newCloseFuture().awaitUninterruptibly(FAREWELL.toMillis());
    open.close().awaitUninterruptibly();
  }

  /// Ends the event loops; what runs on them must have ended.
  @Override
  public void close() {
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private static final class Accepted extends ChannelInitializer<Channel> {
    private final ChannelGroup open;
    private final Optional<TlsEngines> tls;
    private final Clients clients;

    private Accepted(ChannelGroup open, Optional<TlsEngines> tls, Clients clients) {
      this.open = open;
      this.tls = tls;
      this.clients = clients;
    }

    @Override
    protected void initChannel(Channel channel) {
      if (open.size() >= clients.most) {
        var _ = channel.close();
        return;
      }
      open.add(channel);
      tls.ifPresent(engines -> channel.pipeline().addLast(new SslHandler(engines.next())));
      channel
          .pipeline()
          .addLast(new HttpServerCodec(new HttpDecoderConfig()))
          .addLast(new HttpObjectAggregator(LONGEST_BODY))
          .addLast(clients.handlers.get());
    }
  }
}
