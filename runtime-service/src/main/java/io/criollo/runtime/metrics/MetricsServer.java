// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.metrics;

import io.criollo.runtime.tls.TlsEngines;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Serves `/metrics` over HTTP, on one thread of its own: scrapes are answered one after another.
/// Closed by `Daemon`.
public final class MetricsServer implements AutoCloseable {
  private static final Logger LOG = System.getLogger(MetricsServer.class.getName());
  private static final int MOST_CONNECTIONS = 64;
  private static final int LONGEST_BODY = 1024;
  private static final int IDLE_SECONDS = 300;
  private static final int TYPE = 0170000;
  private static final int SOCKET = 0140000;

  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("metrics", true), NioIoHandler.newFactory());
  private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
  private final MetricsSettings settings;
  private final List<Source> sources;
  private final Optional<TlsEngines> tls;
  private Optional<Path> made = Optional.empty();

  private MetricsServer(MetricsSettings settings, List<Source> sources, Optional<TlsEngines> tls) {
    this.settings = settings;
    this.sources = List.copyOf(sources);
    this.tls = tls;
  }

  /// Listens from now on.
  ///
  /// @throws IOException when an address is taken, or certificate or key cannot be used
  public static MetricsServer start(MetricsSettings settings, List<Source> sources)
      throws IOException {
    var tls = Optional.<TlsEngines>empty();
    if (settings.tls().isPresent()) {
      tls = Optional.of(TlsEngines.open(settings.tls().get()));
    }
    var server = new MetricsServer(settings, sources, tls);
    try {
      server.listen();
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
    return server;
  }

  private void listen() throws IOException {
    if (settings.address().isUnresolved()) {
      throw failed(shown(settings.address()), "host name is not known");
    }
    bind(NioServerSocketChannel.class, settings.address());
    if (settings.socket().isPresent()) {
      bindSocket(settings.socket().get());
    }
  }

  /// The file appears when it can be connected to, with its final mode.
  private void bindSocket(Path socket) throws IOException {
    if (Files.exists(socket, LinkOption.NOFOLLOW_LINKS) && !isSocket(socket)) {
      throw failed(socket, "something else is there");
    }
    Files.createDirectories(socket.toAbsolutePath().getParent());
    var unready = socket.resolveSibling(".new-" + socket.getFileName());
    Files.deleteIfExists(unready);
    bind(NioServerDomainSocketChannel.class, UnixDomainSocketAddress.of(unready));
    Files.setPosixFilePermissions(unready, PosixFilePermissions.fromString("rw-rw----"));
    Files.move(unready, socket, StandardCopyOption.ATOMIC_MOVE);
    made = Optional.of(socket);
  }

  private static boolean isSocket(Path file) throws IOException {
    var mode = (Integer) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    return (mode & TYPE) == SOCKET;
  }

  private void bind(Class<? extends ServerChannel> kind, SocketAddress address) throws IOException {
    var server = new ServerBootstrap().group(loop).channel(kind).childHandler(new Accepted());
    if (address instanceof InetSocketAddress) {
      server.option(ChannelOption.SO_REUSEADDR, true);
    }
    var bound = server.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw failed(shown(address), String.valueOf(bound.cause().getMessage()));
    }
    open.add(bound.channel());
    LOG.log(Level.INFO, "metrics are served on {0}", shown(bound.channel().localAddress()));
  }

  private static String shown(SocketAddress address) {
    return address instanceof InetSocketAddress ip
        ? ip.getHostString() + ":" + ip.getPort()
        : address.toString();
  }

  private static IOException failed(Object address, String why) {
    return new IOException("serve metrics: listen on " + address + ": " + why);
  }

  /// {@return where it listens}
  public InetSocketAddress address() {
    return open.stream()
        .map(Channel::localAddress)
        .filter(InetSocketAddress.class::isInstance)
        .map(InetSocketAddress.class::cast)
        .findFirst()
        .orElseThrow();
  }

  private String page() throws IOException {
    var page = new Page(settings.shown());
    for (var source : sources) {
      source.write(page);
    }
    return page.toString();
  }

  @Override
  public void close() {
    open.close().awaitUninterruptibly();
    var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    made.ifPresent(MetricsServer::delete);
  }

  private static void delete(Path socket) {
    try {
      Files.deleteIfExists(socket);
    } catch (IOException _) {
      // the next daemon replaces it
    }
  }

  private final class Accepted extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      if (open.size() >= MOST_CONNECTIONS) {
        var _ = channel.close();
        return;
      }
      open.add(channel);
      tls.ifPresent(engines -> channel.pipeline().addLast(new SslHandler(engines.next())));
      channel
          .pipeline()
          .addLast(new ReadTimeoutHandler(IDLE_SECONDS))
          .addLast(new HttpServerCodec())
          .addLast(new HttpServerKeepAliveHandler())
          .addLast(new HttpObjectAggregator(LONGEST_BODY))
          .addLast(new Scrape(MetricsServer.this::page));
    }
  }
}
