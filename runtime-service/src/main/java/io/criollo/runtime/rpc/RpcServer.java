// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.rpc;

import io.grpc.BindableService;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/// gRPC on a Unix socket: two event loop threads, a virtual thread per call; calls that only look
/// into memory are answered by the event loop itself. Whoever starts it holds the daemon's lock, so
/// a socket file that is there is a dead one. The file appears when it can be connected to, with
/// its final mode.
public final class RpcServer implements AutoCloseable {
  private static final long SECONDS_TO_FINISH = 2;

  /// Two changes of thread would take longer than their answers; they never wait.
  static final Set<String> AT_ONCE = Set.of("ListPodSandbox", "ListContainers", "Version");

  /// Of each call: whether its server has not been closed.
  static final Context.Key<BooleanSupplier> SERVES = Context.keyWithDefault("serves", () -> true);

  // warns of socket options that a domain socket does not have
  private static final Logger BOOTSTRAP = Logger.getLogger("io.netty.bootstrap");

  private final Path socket;
  private final Server server;
  private volatile boolean closed;
  private final EventLoopGroup acceptor = loop("rpc-accept");
  private final EventLoopGroup worker = loop("rpc-io");
  private final ExecutorService calls =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("rpc-", 0).factory());

  public RpcServer(Path socket, List<BindableService> services) throws IOException {
    this(socket, services, List.of(), MessageSizes.USUAL);
  }

  /// @param observers see each call
  public RpcServer(
      Path socket,
      List<BindableService> services,
      List<? extends ServerInterceptor> observers,
      MessageSizes sizes)
      throws IOException {
    this.socket = socket;
    BOOTSTRAP.setLevel(Level.SEVERE);
    Files.createDirectories(socket.getParent());
    Path unready = socket.resolveSibling(".new");
    Files.deleteIfExists(unready);
    var builder =
        NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(unready))
            .channelType(NioServerDomainSocketChannel.class)
            .bossEventLoopGroup(acceptor)
            .workerEventLoopGroup(worker)
            .directExecutor()
            .callExecutor(executors())
            .maxInboundMessageSize(sizes.received())
            .intercept(new LargestAnswer(sizes.sent()));
    services.forEach(service -> builder.addService(MalformedRequests.checked(service)));
    observers.forEach(builder::intercept);
    builder.intercept(serving());
    server = builder.build().start();
    Files.setPosixFilePermissions(unready, PosixFilePermissions.fromString("rw-rw----"));
    Files.move(unready, socket, StandardCopyOption.ATOMIC_MOVE);
  }

  /// Stops taking calls; those under way get a moment to finish, then go on without their client.
  @Override
  public void close() {
    closed = true;
    server.shutdown();
    try {
      if (!server.awaitTermination(SECONDS_TO_FINISH, TimeUnit.SECONDS)) {
        server.shutdownNow();
      }
      Files.deleteIfExists(socket);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (IOException _) {
      // the next daemon deletes it
    }
    var _ = acceptor.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    var _ = worker.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    calls.shutdown();
  }

  private ServerInterceptor serving() {
    return new ServerInterceptor() {
      @Override
      public <Q, A> ServerCall.Listener<Q> interceptCall(
          ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        var context = Context.current().withValue(SERVES, () -> !closed);
        return Contexts.interceptCall(context, call, headers, next);
      }
    };
  }

  private ServerCallExecutorSupplier executors() {
    return new ServerCallExecutorSupplier() {
      @Override
      public <Q, A> Executor getExecutor(ServerCall<Q, A> call, Metadata headers) {
        var name = String.valueOf(call.getMethodDescriptor().getBareMethodName());
        return AT_ONCE.contains(name) ? Runnable::run : calls;
      }
    };
  }

  private static EventLoopGroup loop(String name) {
    return new MultiThreadIoEventLoopGroup(
        1, new DefaultThreadFactory(name, true), NioIoHandler.newFactory());
  }
}
