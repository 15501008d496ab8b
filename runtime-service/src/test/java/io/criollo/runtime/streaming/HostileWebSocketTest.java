// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

import static io.criollo.runtime.streaming.RawWebSocket.BINARY;
import static io.criollo.runtime.streaming.RawWebSocket.CLOSE;
import static io.criollo.runtime.streaming.RawWebSocket.CONTINUATION;
import static io.criollo.runtime.streaming.RawWebSocket.FIN;
import static io.criollo.runtime.streaming.RawWebSocket.PING;
import static io.criollo.runtime.streaming.RawWebSocket.TEXT;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.internal.PlatformDependent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// WebSocket clients that break the rules or ask for too much: each is cut off or held back, and
/// its session released.
@Timeout(120)
class HostileWebSocketTest {
  private static final String V5 = "v5.channel.k8s.io";
  private static final String BASE64 = "v4.base64.channel.k8s.io";
  private static final long MOST_DIRECT_MEMORY = 32L * 1024 * 1024;
  private static final byte[] STDIN = {0};

  private TestServer server;

  @BeforeEach
  void start() throws IOException {
    server = TestServer.running(p -> p.stdin.readAllBytes().length % 7);
  }

  @AfterEach
  void released() throws InterruptedException {
    for (var process : server.started) {
      assertThat(process.released.await(20, TimeUnit.SECONDS)).as("session released").isTrue();
    }
    server.close();
  }

  static Stream<Arguments> brokenRules() {
    var stdin = RawWebSocket.frame(BINARY, STDIN);
    return Stream.of(
        Arguments.of("an opcode for data that does not exist", RawWebSocket.frame(FIN | 3, STDIN)),
        Arguments.of("an opcode for control that does not exist", RawWebSocket.frame(FIN | 0xb)),
        Arguments.of("a reserved bit", RawWebSocket.frame(FIN | 0x40 | BINARY, STDIN)),
        Arguments.of("no mask", new byte[] {(byte) (FIN | BINARY), 1, 0}),
        Arguments.of("text instead of bytes", RawWebSocket.frame(FIN | TEXT, STDIN)),
        Arguments.of("a continuation of nothing", RawWebSocket.frame(FIN | CONTINUATION, STDIN)),
        Arguments.of("a message within a message", joined(stdin, stdin)),
        Arguments.of("a ping in fragments", RawWebSocket.frame(PING)),
        Arguments.of("a long ping", RawWebSocket.frame(FIN | PING, new byte[126])),
        Arguments.of("half a status", RawWebSocket.frame(FIN | CLOSE, new byte[1])),
        Arguments.of(
            "a status that does not exist", RawWebSocket.frame(FIN | CLOSE, (byte) 0, STDIN[0])),
        Arguments.of("a ping of 64 bits of length", length(FIN | PING, 1L << 40)),
        Arguments.of("a length above 63 bits", length(FIN | BINARY, -1)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("brokenRules")
  void aBrokenRuleEndsTheConnection(String rule, byte[] frame) throws Exception {
    for (var protocol : new String[] {V5, BASE64}) {
      if (protocol.equals(BASE64) && rule.startsWith("text")) {
        continue;
      }
      try (var client = RawWebSocket.connect(server.exec("io"), protocol)) {
        client.raw(frame);
        client.awaitEnd();
      }
    }
    try (var client =
        RawWebSocket.connect(server.portForward("host"), "SPDY/3.1+portforward.k8s.io")) {
      client.raw(frame);
      client.awaitEnd();
    }
    stillServes();
  }

  @Test
  void textThatIsNotBase64EndsTheConnection() throws Exception {
    try (var client = RawWebSocket.connect(server.exec("io"), BASE64)) {
      client.send(FIN | TEXT, "0%%%%".getBytes(US_ASCII));
      client.awaitEnd();
    }
    stillServes();
  }

  @Test
  void randomFramesDoNoHarm() throws Exception {
    var random = new Random(382);
    for (int i = 0; i < 300; i++) {
      var protocol = random.nextInt(4) == 0 ? BASE64 : V5;
      try (var client = RawWebSocket.connect(server.exec("iot"), protocol)) {
        for (int n = random.nextInt(1, 12); n > 0; n--) {
          client.raw(randomFrame(random));
        }
      } catch (SocketException e) {
        assertThat(e).as("cut while writing").isNotNull();
      }
    }
    stillServes();
  }

  /// Mostly right in most of its parts, so that much of it gets far.
  static byte[] randomFrame(Random random) {
    var payload = new byte[random.nextInt(3) == 0 ? random.nextInt(70_000) : random.nextInt(130)];
    random.nextBytes(payload);
    if (payload.length > 0) {
      payload[0] = (byte) (random.nextInt(8) == 0 ? 255 : random.nextInt(7));
    }
    int first = random.nextInt(10) == 0 ? random.nextInt(256) : FIN | BINARY;
    var frame = RawWebSocket.frame(first, payload);
    if (random.nextInt(10) == 0) {
      frame[1 + random.nextInt(Math.min(9, frame.length - 1))] = (byte) random.nextInt();
    }
    return frame;
  }

  @Test
  void mutatedSessionsDoNoHarm() throws Exception {
    var random = new Random(383);
    for (int i = 0; i < 300; i++) {
      var bytes = session();
      for (int n = random.nextInt(1, 8); n > 0; n--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      try (var client = RawWebSocket.connect(server.exec("iot"), V5)) {
        client.raw(bytes);
      } catch (SocketException e) {
        assertThat(e).as("cut while writing").isNotNull();
      }
    }
    stillServes();
  }

  @Test
  void cutsAtEveryByteReleaseEverything() throws Exception {
    var session = session();
    for (int length = 0; length < session.length; length++) {
      try (var client = RawWebSocket.connect(server.exec("iot"), V5)) {
        client.raw(Arrays.copyOf(session, length));
      }
    }
    stillServes();
  }

  @Test
  void channelsThatDoNotExistAreDropped() throws Exception {
    try (var client = RawWebSocket.connect(server.exec("io"), V5)) {
      for (int channel = 1; channel < 255; channel++) {
        client.send(FIN | BINARY, (byte) channel, (byte) 'x');
        client.send(FIN | BINARY, (byte) 255, (byte) channel);
      }
      client.send(FIN | BINARY, (byte) 255);
      client.send(FIN | BINARY);
      client.send(FIN | BINARY, (byte) 0, (byte) 'x', (byte) 'y');
      client.send(FIN | BINARY, (byte) 255, (byte) 0);
      assertThat(new String(client.awaitEnd(), UTF_8)).contains("\"message\":\"2\"");
    }
  }

  @Test
  void aFrameOfAnyLengthStopsWhereNobodyTakesIt() throws Exception {
    heldBack(length(BINARY, Long.MAX_VALUE), new byte[64 * 1024]);
  }

  @Test
  void fragmentsThatNeverEndStopWhereNobodyTakesThem() throws Exception {
    var begun = joined(RawWebSocket.frame(BINARY, STDIN), RawWebSocket.frame(CONTINUATION));
    heldBack(begun, repeated(RawWebSocket.frame(CONTINUATION, (byte) 'x'), 5_000));
  }

  @Test
  void pingsOfAClientThatReadsNothingStop() throws Exception {
    heldBack(new byte[0], repeated(RawWebSocket.frame(FIN | PING, new byte[125]), 500));
  }

  /// A client that goes on and on is held back, costs little, hinders no other and is released.
  private void heldBack(byte[] first, byte[] endless) throws Exception {
    try (var deaf = TestServer.running(p -> p.sizes.take().width())) {
      try (var client = RawWebSocket.connect(deaf.exec("io"), V5)) {
        client.raw(first);
        flood(client, endless);
        stillServes();
      }
      var process = deaf.started.take();
      assertThat(process.released.await(20, TimeUnit.SECONDS)).as("session released").isTrue();
    }
  }

  static void flood(RawWebSocket client, byte[] endless) throws InterruptedException {
    long before = PlatformDependent.usedDirectMemory(); // with what the allocator keeps
    var writer =
        Thread.ofVirtual()
            .start(() -> {
              try {
                while (true) {
                  client.raw(endless);
                }
              } catch (IOException e) {
                // closed by the caller
              }
            });
    assertThat(writer.join(Duration.ofSeconds(2))).as("writer is held back").isFalse();
    assertThat(PlatformDependent.usedDirectMemory() - before).isLessThan(MOST_DIRECT_MEMORY);
  }

  private void stillServes() throws IOException {
    try (var client = RawWebSocket.connect(server.exec("io"), V5)) {
      client.raw(session());
      assertThat(new String(client.awaitEnd(), UTF_8)).contains("Success");
    }
  }

  /// Input in two messages, one of them in fragments with a ping between, a resize, and its end.
  static byte[] session() {
    return joined(
        RawWebSocket.frame(FIN | BINARY, "\0one".getBytes(US_ASCII)),
        RawWebSocket.frame(BINARY, "\0tw".getBytes(US_ASCII)),
        RawWebSocket.frame(FIN | PING, "?".getBytes(US_ASCII)),
        RawWebSocket.frame(FIN | CONTINUATION, "o2".getBytes(US_ASCII)),
        RawWebSocket.frame(FIN | BINARY, "\4{\"Width\":8,\"Height\":2}".getBytes(US_ASCII)),
        RawWebSocket.frame(FIN | BINARY, (byte) 255, (byte) 0));
  }

  private static byte[] length(int first, long length) {
    var frame = RawWebSocket.frame(first, new byte[70_000]);
    for (int i = 0; i < Long.BYTES; i++) {
      frame[2 + i] = (byte) (length >> (8 * (7 - i)));
    }
    return frame;
  }

  private static byte[] repeated(byte[] frame, int times) {
    var all = new byte[times][];
    Arrays.fill(all, frame);
    return joined(all);
  }

  private static byte[] joined(byte[]... parts) {
    var all = new ByteArrayOutputStream();
    for (var part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
