// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.rpc;

import com.google.protobuf.StringValue;
import io.criollo.cri.v1.ImageServiceGrpc;
import io.criollo.cri.v1.ImageServiceGrpc.ImageServiceBlockingStub;
import io.criollo.cri.v1.ListContainersRequest;
import io.criollo.cri.v1.ListImagesRequest;
import io.criollo.cri.v1.ListPodSandboxRequest;
import io.criollo.cri.v1.RuntimeServiceGrpc;
import io.criollo.cri.v1.RuntimeServiceGrpc.RuntimeServiceBlockingStub;
import io.criollo.cri.v1.StatusRequest;
import io.criollo.cri.v1.VersionRequest;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/// Asks a running daemon over its own socket, as any client of the CRI does. For one thread;
/// whoever makes it closes it.
public final class CriClient implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  // warns of socket options that a domain socket does not have
  private static final Logger BOOTSTRAP = Logger.getLogger("io.netty.bootstrap");

  private final Path socket;
  private final Duration timeout;
  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final ManagedChannel channel;

  /// Connects at the first question.
  public CriClient(Path socket) {
    this(socket, TIMEOUT);
  }

  /// The same, with another time limit for each call.
  public CriClient(Path socket, Duration timeout) {
    BOOTSTRAP.setLevel(Level.SEVERE);
    this.timeout = timeout;
    this.socket = socket;
    this.channel =
        NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
            .channelType(NioDomainSocketChannel.class)
            .eventLoopGroup(loop)
            .overrideAuthority("localhost")
            .maxInboundMessageSize(MessageSizes.USUAL.received())
            .directExecutor()
            .usePlaintext()
            .build();
  }

  /// {@return what a person wants to know of the node}
  ///
  /// @throws IOException when no daemon answers, or one that does not know these calls
  public NodeReport report() throws IOException {
    var runtime = runtime();
    var image = images();
    try {
      var status = runtime.status(StatusRequest.newBuilder().setVerbose(true).build());
      return new NodeReport(
          runtime.version(VersionRequest.getDefaultInstance()),
          status.getStatus().getConditionsList(),
          runtime.listPodSandbox(ListPodSandboxRequest.getDefaultInstance()).getItemsList(),
          runtime.listContainers(ListContainersRequest.getDefaultInstance()).getContainersList(),
          image.listImages(ListImagesRequest.getDefaultInstance()).getImagesList(),
          status.getInfoOrDefault("pulls", ""));
    } catch (StatusRuntimeException e) {
      throw new IOException("no daemon answers on " + socket + ": " + reason(e), e);
    }
  }

  /// {@return the calls about pods and containers; their time limit begins now}
  public RuntimeServiceBlockingStub runtime() {
    return RuntimeServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// {@return the calls about images; their time limit begins now}
  public ImageServiceBlockingStub images() {
    return ImageServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Has the daemon check its images; takes as long as reading them.
  ///
  /// @param words `quick`, `repair`
  /// @param lines takes what is to be printed
  /// @throws IOException when something is broken, or no daemon answers
  public void check(String words, Consumer<String> lines) throws IOException {
    try {
      ClientCalls.blockingServerStreamingCall(
              channel, OwnEndpoint.CHECK, CallOptions.DEFAULT, StringValue.of(words))
          .forEachRemaining(line -> lines.accept(line.getValue()));
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.UNAVAILABLE) {
        throw new IOException("no daemon answers on " + socket + ": " + reason(e), e);
      }
      throw new IOException("check of images: " + e.getStatus().getDescription(), e);
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
    var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  /// The deepest cause is the kernel's word.
  private static String reason(StatusRuntimeException e) {
    Throwable deepest = e;
    for (var next = e.getCause(); next != null; next = next.getCause()) {
      deepest = next;
    }
    return String.valueOf(deepest.getMessage()).lines().findFirst().orElse("");
  }
}
