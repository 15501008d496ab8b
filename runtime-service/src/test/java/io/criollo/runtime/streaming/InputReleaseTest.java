// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

import static io.criollo.runtime.streaming.RawWebSocket.BINARY;
import static io.criollo.runtime.streaming.RawWebSocket.FIN;
import static io.criollo.runtime.streaming.RawWebSocket.PING;
import static io.criollo.runtime.streaming.RawWebSocket.PONG;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conformance.SpdyClient;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.spdy.DefaultSpdyPingFrame;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/// Input that came and that nobody took is given back, as netty's leak detector sees it.
@Isolated("the detector sees the buffers of all tests")
@Timeout(120)
class InputReleaseTest {
  private static final String V5 = "v5.channel.k8s.io";
  private static final String V4 = "v4.channel.k8s.io";
  private static final String FORWARD = "X-Stream-Protocol-Version: portforward.k8s.io\r\n";
  private static final Logger LOG = Logger.getLogger(ResourceLeakDetector.class.getName());

  private final List<String> leaks = new CopyOnWriteArrayList<>();
  private final Handler handler = new Collector();
  private ResourceLeakDetector.Level before;

  private final class Collector extends Handler {
    @Override
    public void publish(LogRecord record) {
      leaks.add(String.valueOf(record.getMessage()));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @BeforeEach
  void watch() throws InterruptedException {
    before = ResourceLeakDetector.getLevel();
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    LOG.setUseParentHandlers(false);
    LOG.addHandler(handler);
    awaitDetector();
    leaks.clear();
  }

  @AfterEach
  void unwatch() {
    LOG.removeHandler(handler);
    LOG.setUseParentHandlers(true);
    ResourceLeakDetector.setLevel(before);
  }

  @Test
  void ofAnExecThatIsRefused() throws Exception {
    var inputIsThere = new Semaphore(0);
    TestServer.Start refused =
        () -> {
          inputIsThere.acquire();
          throw new IOException("refused");
        };
    try (var server = TestServer.opening(refused)) {
      for (int i = 0; i < 20; i++) {
        try (var client = RawWebSocket.connect(server.exec("io"), V5)) {
          client.send(FIN | BINARY, new byte[500]);
          client.send(FIN | PING);
          while (client.next().orElseThrow().opcode() != PONG) {}
          inputIsThere.release();
          assertThat(new String(client.awaitEnd(), US_ASCII)).contains("refused");
        }
        try (var client = SpdyClient.connect(server.exec("io"), TestServer.V4)) {
          int error = client.openTyped("error");
          client.data(client.openTyped("stdin"), new byte[500]);
          client.openTyped("stdout");
          client.send(new DefaultSpdyPingFrame(1));
          client.await(() -> client.control().size() == 4);
          inputIsThere.release();
          assertThat(client.readAll(error)).contains("refused");
        }
      }
    }
    assertNothingLeaked();
  }

  @Test
  void ofAProcessThatEndsWithoutReading() throws Exception {
    try (var server = TestServer.running(p -> 3)) {
      for (int i = 0; i < 20; i++) {
        try (var client = SpdyClient.connect(server.exec("io"), TestServer.V4)) {
          int error = client.openTyped("error");
          int in = client.openTyped("stdin");
          for (int n = 0; n < 10; n++) {
            client.data(in, new byte[10_000]);
          }
          client.openTyped("stdout");
          assertThat(client.readAll(error)).contains("\"message\":\"3\"");
        }
      }
    }
    assertNothingLeaked();
  }

  @Test
  void ofClientsThatLeaveAtOnce() throws Exception {
    try (var server = TestServer.running(p -> p.stdin.read())) {
      for (int i = 0; i < 20; i++) {
        try (var client = SpdyClient.connect(server.exec("io"), TestServer.V4)) {
          client.data(client.openTyped("stdin"), "input without its other streams");
        }
        try (var client = SpdyClient.connect(server.portForward("host"), FORWARD)) {
          int data = client.open("streamtype", "data", "port", "1", "requestid", "a");
          client.open("streamtype", "error", "port", "1", "requestid", "a");
          client.data(data, "input");
        }
        try (var client = RawWebSocket.connect(server.portForward("host", 1), V4)) {
          client.send(FIN | BINARY, new byte[500]);
        }
        try (var client = RawWebSocket.connect(server.exec("io"), V5)) {
          client.send(FIN | BINARY, new byte[500]);
        }
      }
    }
    assertNothingLeaked();
  }

  private void assertNothingLeaked() throws InterruptedException {
    awaitDetector();
    assertThat(leaks).hasSize(1);
  }

  /// A leak of our own shows that the detector has seen all that were before it. Each is another,
  /// or it would be told only once.
  private void awaitDetector() throws InterruptedException {
    var hint = "our own, " + System.nanoTime();
    leak(hint);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (leaks.stream().noneMatch(leak -> leak.contains(hint))) {
      assertThat(System.nanoTime()).as("the detector works").isLessThan(end);
      System.gc();
      Thread.sleep(20);
      ByteBufAllocator.DEFAULT.directBuffer(8).release(); // reports what was found
    }
  }

  private static void leak(String hint) {
    var _ = ByteBufAllocator.DEFAULT.directBuffer(8).touch(hint);
  }
}
