// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import io.criollo.cri.v1.AttachRequest;
import io.criollo.cri.v1.ExecRequest;
import io.criollo.cri.v1.ImageServiceGrpc;
import io.criollo.cri.v1.ImageServiceGrpc.ImageServiceBlockingStub;
import io.criollo.cri.v1.ImageSpec;
import io.criollo.cri.v1.PortForwardRequest;
import io.criollo.cri.v1.PullImageRequest;
import io.criollo.cri.v1.RuntimeServiceGrpc;
import io.criollo.cri.v1.RuntimeServiceGrpc.RuntimeServiceBlockingStub;
import io.criollo.cri.v1.VersionRequest;
import io.criollo.cri.v1.VersionResponse;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/// The CRI over a Unix socket, by the generated stubs. Every call has a deadline. Threads may share
/// it; closed by [DaemonProcess].
public final class CriClient implements AutoCloseable {
  private static final Duration DEADLINE = Duration.ofMinutes(2);
  // Netty speaks of TCP options that a Unix socket does not have.
  private static final Logger NETTY = Logger.getLogger("io.netty.bootstrap");

  private final EventLoopGroup loop;
  private final ManagedChannel channel;

  private CriClient(EventLoopGroup loop, ManagedChannel channel) {
    this.loop = loop;
    this.channel = channel;
  }

  /// Names the socket; the first call connects.
  public static CriClient connect(Path socket) {
    NETTY.setLevel(Level.SEVERE);
    var loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    var channel =
        NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
            .eventLoopGroup(loop)
            .channelType(NioDomainSocketChannel.class)
            .overrideAuthority("localhost")
            .maxInboundMessageSize(40 << 20)
            .usePlaintext()
            .build();
    return new CriClient(loop, channel);
  }

  public RuntimeServiceBlockingStub runtime() {
    return runtime(DEADLINE);
  }

  public RuntimeServiceBlockingStub runtime(Duration deadline) {
    return RuntimeServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// For answers that are too large to be kept: {@return the bytes of the answer}
  public <Q> long answerSize(MethodDescriptor<Q, ?> method, Q request) {
    var counted = method.toBuilder(method.getRequestMarshaller(), Counting.INSTANCE).build();
    var options = CallOptions.DEFAULT.withDeadlineAfter(DEADLINE);
    return ClientCalls.blockingUnaryCall(channel, counted, options, request);
  }

  /// Reads messages and forgets them.
  private enum Counting implements Marshaller<Long> {
    INSTANCE;

    @Override
    public InputStream stream(Long value) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Long parse(InputStream message) {
      try {
        return message.transferTo(OutputStream.nullOutputStream());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  public ImageServiceBlockingStub images() {
    return ImageServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
  }

  public VersionResponse version() {
    return runtime().version(VersionRequest.getDefaultInstance());
  }

  /// {@return the id of the image that was pulled}
  public String pull(String image) {
    return images()
        .pullImage(PullImageRequest.newBuilder().setImage(spec(image)).build())
        .getImageRef();
  }

  /// {@return where a command with input and output is run}
  public String execUrl(String container, boolean terminal, String... command) {
    var request =
        ExecRequest.newBuilder()
            .setContainerId(container)
            .addAllCmd(List.of(command))
            .setStdin(true)
            .setStdout(true)
            .setTty(terminal);
    return runtime().exec(request.build()).getUrl();
  }

  /// {@return where one writes to a container and sees its output}
  public String attachUrl(String container) {
    var request =
        AttachRequest.newBuilder().setContainerId(container).setStdin(true).setStdout(true);
    return runtime().attach(request.build()).getUrl();
  }

  /// {@return where one reaches a port in a pod}
  public String forwardUrl(String pod, int port) {
    var request = PortForwardRequest.newBuilder().setPodSandboxId(pod).addPort(port);
    return runtime().portForward(request.build()).getUrl();
  }

  public static ImageSpec spec(String image) {
    return ImageSpec.newBuilder().setImage(image).build();
  }

  @Override
  public void close() {
    channel.shutdownNow();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
  }
}
