// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import com.google.protobuf.UnknownFieldSet;
import io.criollo.cri.v1.AttachRequest;
import io.criollo.cri.v1.AttachResponse;
import io.criollo.cri.v1.Container;
import io.criollo.cri.v1.ContainerFilter;
import io.criollo.cri.v1.ExecSyncRequest;
import io.criollo.cri.v1.ListContainersRequest;
import io.criollo.cri.v1.ListContainersResponse;
import io.criollo.cri.v1.ReopenContainerLogRequest;
import io.criollo.cri.v1.ReopenContainerLogResponse;
import io.criollo.cri.v1.RuntimeServiceGrpc;
import io.criollo.cri.v1.StartContainerRequest;
import io.criollo.cri.v1.StartContainerResponse;
import io.criollo.cri.v1.StopContainerRequest;
import io.criollo.cri.v1.StopContainerResponse;
import io.criollo.cri.v1.StreamContainersRequest;
import io.criollo.cri.v1.StreamContainersResponse;
import io.criollo.cri.v1.VersionRequest;
import io.criollo.cri.v1.VersionResponse;
import io.criollo.runtime.metrics.Collector;
import io.criollo.runtime.metrics.Operations;
import io.criollo.runtime.metrics.Page;
import io.criollo.runtime.node.Version;
import io.criollo.runtime.state.Refusal;
import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RpcServerTest {
  private static final CountDownLatch INTERRUPTED = new CountDownLatch(1);

  /// Stands for the real endpoints: their use cases have tests of their own.
  private static final class Endpoint extends RuntimeServiceGrpc.RuntimeServiceImplBase {
    private final Answer answer = new Answer();
    private final CountDownLatch waiting = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final CompletableFuture<String> ended = new CompletableFuture<>();

    @Override
    public void reopenContainerLog(
        ReopenContainerLogRequest request, StreamObserver<ReopenContainerLogResponse> to) {
      answer.reply(
          "ReopenContainerLog",
          "",
          to,
          () -> {
            waiting.countDown();
            assertThat(released.await(60, TimeUnit.SECONDS)).isTrue();
            return ReopenContainerLogResponse.getDefaultInstance();
          });
    }

    @Override
    public void version(VersionRequest request, StreamObserver<VersionResponse> to) {
      answer.reply("Version", "", to, () -> new Version().version(request));
    }

    @Override
    public void listContainers(
        ListContainersRequest request, StreamObserver<ListContainersResponse> to) {
      answer.reply(
          "ListContainers",
          "",
          to,
          () -> {
            var here =
                Container.newBuilder()
                    .setId(Thread.currentThread().getName())
                    .setImageId(request.getFilter().getId());
            return ListContainersResponse.newBuilder().addContainers(here).build();
          });
    }

    @Override
    public void streamContainers(
        StreamContainersRequest request, StreamObserver<StreamContainersResponse> to) {
      var small = Container.newBuilder().setId("small").build();
      var large = Container.newBuilder().setId("x".repeat(300)).build();
      answer.stream(
          "StreamContainers",
          to,
          () -> new Messages<>(Stream.of(small, large).map(Endpoint::part).iterator()));
    }

    private static StreamContainersResponse part(Container container) {
      return StreamContainersResponse.newBuilder().addContainers(container).build();
    }

    @Override
    public void stopContainer(
        StopContainerRequest request, StreamObserver<StopContainerResponse> to) {
      answer.reply(
          "StopContainer", request.getContainerId(), to, () -> stop(request.getContainerId()));
    }

    @Override
    public void startContainer(
        StartContainerRequest request, StreamObserver<StartContainerResponse> to) {
      answer.replyWhileWanted(
          "StartContainer",
          "",
          to,
          () -> {
            try {
              new CountDownLatch(1).await(60, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
              INTERRUPTED.countDown();
              throw e;
            }
            return StartContainerResponse.getDefaultInstance();
          });
    }

    @Override
    public void attach(AttachRequest request, StreamObserver<AttachResponse> to) {
      answer.replyUntilClientLeaves(
          "Attach",
          "",
          to,
          () -> {
            var cancelled = new CountDownLatch(1);
            Context.current().addListener(_ -> cancelled.countDown(), Runnable::run);
            waiting.countDown();
            try {
              assertThat(cancelled.await(60, TimeUnit.SECONDS)).isTrue();
              ended.complete(Thread.currentThread().isInterrupted() ? "interrupted" : "let be");
            } catch (InterruptedException e) {
              ended.complete("interrupted");
            }
            return AttachResponse.getDefaultInstance();
          });
    }

    private static StopContainerResponse stop(String id) throws IOException {
      switch (id) {
        case "io" -> throw new IOException("disk is full");
        case "thread" ->
            throw new Refusal.FailedPrecondition("virtual: " + Thread.currentThread().isVirtual());
        case "bug" -> throw new IllegalStateException("a defect");
        default -> throw new Refusal.NotFound("container", id);
      }
    }
  }

  private record Messages<T>(Iterator<T> all) implements MessageSource<T> {
    @Override
    public Optional<T> next() {
      return all.hasNext() ? Optional.of(all.next()) : Optional.empty();
    }

    @Override
    public void close() {}
  }

  @TempDir private Path dir = Path.of("");
  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Endpoint endpoint = new Endpoint();
  private final Operations operations = new Operations();
  private AutoCloseable server = () -> {};
  private ManagedChannel channel = NettyChannelBuilder.forTarget("unused").build();

  @BeforeEach
  void start() throws IOException {
    channel.shutdownNow();
    var socket = dir.resolve("sub/criollo.sock");
    Files.createDirectories(socket.getParent());
    Files.createFile(socket); // a dead daemon's
    server =
        new RpcServer(
            socket,
            List.of(endpoint),
            List.of(new CallCounts(operations)),
            new MessageSizes(32 << 20, 300));
    channel =
        NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
            .eventLoopGroup(group)
            .channelType(NioDomainSocketChannel.class)
            .usePlaintext()
            .build();
  }

  @AfterEach
  void stop() throws Exception {
    channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    server.close();
    var _ = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    assertThat(dir.resolve("sub/criollo.sock")).doesNotExist();
  }

  private RuntimeServiceGrpc.RuntimeServiceBlockingStub stub() {
    return RuntimeServiceGrpc.newBlockingStub(channel);
  }

  /// A log whose reader has stopped reading.
  private static final class FullLog extends Handler {
    final CountDownLatch reached = new CountDownLatch(1);
    final CountDownLatch read = new CountDownLatch(1);

    @Override
    public void publish(LogRecord line) {
      reached.countDown();
      try {
        assertThat(read.await(60, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @Test
  void aLogThatNobodyReadsHoldsNoListUp() throws Exception {
    var logger = Logger.getLogger("io.criollo.rpc");
    var level = logger.getLevel();
    var log = new FullLog();
    logger.addHandler(log);
    logger.setLevel(Level.FINE);
    try {
      for (int i = 0; i < 3; i++) {
        var list = stub().withDeadlineAfter(30, TimeUnit.SECONDS);
        var reply = list.listContainers(ListContainersRequest.getDefaultInstance());
        assertThat(reply.getContainersCount()).isEqualTo(1);
      }
      assertThat(log.reached.await(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      log.read.countDown();
      logger.removeHandler(log);
      logger.setLevel(level);
    }
  }

  @Test
  void answersOnASocketForItsGroupOnly() throws IOException {
    var reply = stub().version(VersionRequest.getDefaultInstance());
    assertThat(reply.getRuntimeName()).isEqualTo("criollo");
    assertThat(reply.getRuntimeApiVersion()).isEqualTo("v1");
    assertThat(Files.getPosixFilePermissions(dir.resolve("sub/criollo.sock")))
        .isEqualTo(PosixFilePermissions.fromString("rw-rw----"));
  }

  @Test
  void callsThatAreMissingAreUnimplemented() {
    assertThatThrownBy(() -> stub().execSync(ExecSyncRequest.getDefaultInstance()))
        .satisfies(e -> assertThat(code(e)).isEqualTo(Status.Code.UNIMPLEMENTED));
  }

  @Test
  void failuresHaveTheirCodeAndText() {
    assertThat(failureOf("abc")).isEqualTo("NOT_FOUND: container \"abc\" not found");
    assertThat(failureOf("io")).isEqualTo("UNKNOWN: disk is full");
    assertThat(failureOf("bug")).isEqualTo("INTERNAL: a defect");
  }

  @Test
  void callsAreCountedWithTheirCodes() {
    var _ = stub().version(VersionRequest.getDefaultInstance());
    var _ = failureOf("abc");
    var _ = failureOf("io");
    assertThatThrownBy(() -> stub().execSync(ExecSyncRequest.getDefaultInstance()))
        .isInstanceOf(StatusRuntimeException.class);

    var page = new Page(EnumSet.allOf(Collector.class));
    operations.write(page);
    assertThat(page.toString().lines())
        .contains(
            "criollo_operations_total{operation=\"Version\"} 1",
            "criollo_operations_total{operation=\"StopContainer\"} 2",
            "criollo_operations_errors_total{operation=\"StopContainer\",code=\"NOT_FOUND\"} 1",
            "criollo_operations_errors_total{operation=\"StopContainer\",code=\"UNKNOWN\"} 1",
            "criollo_operations_errors_total{operation=\"ExecSync\",code=\"UNIMPLEMENTED\"} 1",
            "criollo_operations_latency_seconds_total_count{operation=\"StopContainer\"} 2")
        .noneMatch(line -> line.contains("errors") && line.contains("Version"));
  }

  @Test
  void largeMessagesPassAndTooLargeOnesAreRefused() {
    assertThat(failureOf("x".repeat(20 << 20))).startsWith("NOT_FOUND");
    assertThat(failureOf("x".repeat(40 << 20))).startsWith("RESOURCE_EXHAUSTED");
  }

  @Test
  void bytesThatAreNoMessageAreToldAsThat() {
    var notUtf8 = ByteString.copyFrom(new byte[] {'a', (byte) 0xff});
    var fields = UnknownFieldSet.newBuilder();
    fields.addField(1, UnknownFieldSet.Field.newBuilder().addLengthDelimited(notUtf8).build());
    var message = Empty.newBuilder().setUnknownFields(fields.build()).build();
    var plain = RuntimeServiceGrpc.getStopContainerMethod();
    var bytes = ProtoUtils.marshaller(Empty.getDefaultInstance());
    var method = plain.toBuilder(bytes, plain.getResponseMarshaller()).build();
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(
              () -> ClientCalls.blockingUnaryCall(channel, method, CallOptions.DEFAULT, message))
          .satisfies(e -> assertThat(code(e)).isEqualTo(Status.Code.INTERNAL))
          .hasMessageContaining("UTF-8");
      assertThat(failureOf("nothing")).startsWith("NOT_FOUND"); // the next one is read again
    }
  }

  @Test
  void anAnswerThatIsTooLargeIsRefusedAndTheConnectionServesOn() {
    assertThat(list("x".repeat(200))).isEqualTo("x".repeat(200));
    assertThatThrownBy(() -> list("x".repeat(300)))
        .hasMessageMatching("RESOURCE_EXHAUSTED: answer of 3.. bytes, .*_send_msg_size is 300");
    assertThat(list("x")).isEqualTo("x");
  }

  @Test
  void aStreamEndsWithAMessageThatIsTooLarge() {
    var parts = stub().streamContainers(StreamContainersRequest.getDefaultInstance());
    assertThat(parts.next().getContainers(0).getId()).isEqualTo("small");
    assertThatThrownBy(parts::hasNext)
        .hasMessageMatching("RESOURCE_EXHAUSTED: answer of 3.. bytes, .*_send_msg_size is 300");
    assertThat(list("x")).isEqualTo("x");
  }

  private String list(String id) {
    var filter = ContainerFilter.newBuilder().setId(id);
    return stub()
        .listContainers(ListContainersRequest.newBuilder().setFilter(filter).build())
        .getContainers(0)
        .getImageId();
  }

  private String failureOf(String id) {
    try {
      var _ = stub().stopContainer(StopContainerRequest.newBuilder().setContainerId(id).build());
      return "";
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode() + ": " + e.getStatus().getDescription();
    }
  }

  private static Status.Code code(Throwable e) {
    return Status.fromThrowable(e).getCode();
  }

  @Test
  void listsAreAnsweredByTheEventLoopAlsoWhileOtherCallsWait() throws Exception {
    var waiting =
        RuntimeServiceGrpc.newFutureStub(channel)
            .reopenContainerLog(ReopenContainerLogRequest.getDefaultInstance());
    assertThat(endpoint.waiting.await(30, TimeUnit.SECONDS)).isTrue();
    var reply =
        stub()
            .withDeadlineAfter(30, TimeUnit.SECONDS)
            .listContainers(ListContainersRequest.getDefaultInstance());
    assertThat(reply.getContainers(0).getId()).startsWith("rpc-io");
    assertThat(waiting.isDone()).isFalse();
    endpoint.released.countDown();
    assertThat(waiting.get(30, TimeUnit.SECONDS)).isNotNull();
  }

  @Test
  void callsThatMayWaitHaveAVirtualThread() {
    assertThat(failureOf("thread")).isEqualTo("FAILED_PRECONDITION: virtual: true");
  }

  @Test
  void workThatOnlyItsClientWantsEndsWhenTheClientLeaves() throws Exception {
    var client =
        RuntimeServiceGrpc.newBlockingStub(channel).withDeadlineAfter(300, TimeUnit.MILLISECONDS);
    assertThatThrownBy(() -> client.startContainer(StartContainerRequest.getDefaultInstance()))
        .isInstanceOf(StatusRuntimeException.class);
    assertThat(INTERRUPTED.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void workThatEndsWithItsClientGoesOnWhenTheServerCloses() throws Exception {
    var _ = RuntimeServiceGrpc.newFutureStub(channel).attach(AttachRequest.getDefaultInstance());
    assertThat(endpoint.waiting.await(30, TimeUnit.SECONDS)).isTrue();

    server.close();

    assertThat(endpoint.ended.get(30, TimeUnit.SECONDS)).isEqualTo("let be");
  }

  @Test
  void workThatEndsWithItsClientIsInterruptedWhenThatLeaves() throws Exception {
    var client =
        RuntimeServiceGrpc.newBlockingStub(channel).withDeadlineAfter(300, TimeUnit.MILLISECONDS);
    assertThatThrownBy(() -> client.attach(AttachRequest.getDefaultInstance()))
        .isInstanceOf(StatusRuntimeException.class);
    assertThat(endpoint.ended.get(30, TimeUnit.SECONDS)).isEqualTo("interrupted");
  }
}
