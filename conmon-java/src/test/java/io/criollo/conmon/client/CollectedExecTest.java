// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.conmon.oci.OciRuntimeSettings;
import io.criollo.conmon.protocol.ExecRequest;
import io.criollo.conmon.protocol.FailureKind;
import io.criollo.conmon.protocol.Frame;
import io.criollo.conmon.protocol.Hello;
import io.criollo.conmon.protocol.Reply;
import io.criollo.conmon.protocol.Request;
import io.criollo.conmon.protocol.Stream;
import io.criollo.conmon.protocol.Wire;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a monitor hears of a command that is run for its result; this test is the monitor.
@Timeout(60)
class CollectedExecTest {
  @TempDir Path dir;
  private ServerSocketChannel listener;
  private MonitorKeeper keeper;

  @BeforeEach
  void listen() throws Exception {
    var socket = dir.resolve("s");
    listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listener.bind(UnixDomainSocketAddress.of(socket));
    keeper = new MonitorKeeper(new MonitorSettings(socket, dir, dir, List.of("/none")), () -> {});
  }

  @AfterEach
  void close() throws Exception {
    listener.close();
  }

  private ExecRequest request() {
    var runtime = new OciRuntimeSettings("r", Path.of("/r"), Path.of("/root"), false);
    return new ExecRequest("c1", runtime, dir.resolve("p.json"), Duration.ZERO, 1 << 20);
  }

  private FutureTask<ExecResult> task() {
    var request = request();
    return new FutureTask<>(() -> ExecResult.of(output -> keeper.exec(request, output)));
  }

  private Wire accepted() throws Exception {
    var wire = new Wire(listener.accept(), 1 << 20);
    assertThat(wire.receive()).containsInstanceOf(Frame.Text.class);
    assertThat(wire.receive())
        .hasValueSatisfying(
            frame -> assertThat(((Frame.Text) frame).message()).isInstanceOf(ExecRequest.class));
    wire.send(Hello.mine());
    return wire;
  }

  @Test
  void theOutputComesWithTheExitCode() throws Exception {
    var task = task();
    Thread.ofVirtual().start(task);
    try (var wire = accepted()) {
      wire.send(Stream.STDOUT, new byte[] {1});
      wire.send(Stream.STDERR, new byte[] {2});
      wire.send(new Reply.ExecEnded(3));
    }
    assertThat(task.get().stdout()).containsExactly(1);
    assertThat(task.get().stderr()).containsExactly(2);
    assertThat(task.get().exitCode()).isEqualTo(3);
  }

  @Test
  void aCallerWhoLeavesFreesWhoTakesTheOutput() throws Exception {
    var taking = new CountDownLatch(1);
    var freed = new CountDownLatch(1);
    var request = request();
    var task =
        new FutureTask<>(() ->
            keeper.exec(
                request,
                (_, _) -> {
                  taking.countDown();
                  try {
                    new CountDownLatch(1).await();
                  } finally {
                    freed.countDown();
                  }
                }));
    var caller = Thread.ofVirtual().start(task);
    try (var wire = accepted()) {
      wire.send(Stream.STDOUT, new byte[] {1});
      taking.await();
      caller.interrupt();
      freed.await();
    }
    assertThatThrownBy(task::get).hasMessageContaining("the caller has left");
  }

  @Test
  void anInterruptedCallerHangsUp() throws Exception {
    var taken = new CountDownLatch(1);
    var request = request();
    var task = new FutureTask<>(() -> keeper.exec(request, (_, _) -> taken.countDown()));
    var caller = Thread.ofVirtual().start(task);
    try (var wire = accepted()) {
      wire.send(Stream.STDOUT, new byte[] {1});
      taken.await(); // who closes without having read all is not read to the end either
      caller.interrupt();

      assertThat(wire.receive()).contains(new Frame.Text(new Request.HangUp()));
      assertThat(wire.receive()).isEqualTo(Optional.empty());
    }
    assertThatThrownBy(task::get)
        .cause()
        .isInstanceOfSatisfying(
            MonitorException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.UNAVAILABLE));
  }
}
