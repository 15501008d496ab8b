// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conformance.SpdyClient;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.spdy.DefaultSpdyPingFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyVersion;
import io.netty.util.internal.PlatformDependent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class HostileClientTest {
  private static final String FORWARD = "X-Stream-Protocol-Version: portforward.k8s.io\r\n";
  private static final String WEBSOCKET =
      WebSocketClient.UPGRADE + "Sec-WebSocket-Protocol: v5.channel.k8s.io\r\n";
  private static final long MOST_DIRECT_MEMORY = 32L * 1024 * 1024;

  private TestServer server;

  @BeforeEach
  void start() throws IOException {
    server = TestServer.running(p -> p.stdin.read() + 1);
  }

  @AfterEach
  void stopped() throws Exception {
    server.close();
    for (var process : server.started) {
      assertThat(process.released.getCount()).as("sessions left").isZero();
    }
  }

  @Test
  void randomBytesAfterTheUpgradeDoNoHarm() throws Exception {
    var random = new Random(38);
    for (int i = 0; i < 150; i++) {
      var bytes = new byte[1 + random.nextInt(3_000)];
      random.nextBytes(bytes);
      try (var client = SpdyClient.connect(server.portForward("host"), FORWARD)) {
        client.raw(bytes);
      }
      try (var client = SpdyClient.request(server.exec("io"), "GET", WEBSOCKET)) {
        client.raw(bytes);
      }
    }
    stillServes();
  }

  @Test
  void mutatedFramesDoNoHarm() throws Exception {
    var random = new Random(381);
    var session = recordedSession();
    for (int i = 0; i < 200; i++) {
      var bytes = session.clone();
      for (int n = random.nextInt(1, 8); n > 0; n--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      try (var client = SpdyClient.connect(server.exec("io"), TestServer.V4)) {
        client.raw(bytes);
      } catch (IOException e) {
        assertThat(e).isInstanceOf(java.net.SocketException.class); // cut while writing
      }
    }
    stillServes();
  }

  @Test
  void cutsAtEveryByteReleaseEverything() throws Exception {
    var session = recordedSession();
    for (int length = 0; length < session.length; length += 3) {
      try (var client = SpdyClient.connect(server.exec("io"), TestServer.V4)) {
        client.raw(java.util.Arrays.copyOf(session, length));
      }
    }
    stillServes();
  }

  @Test
  void aPackedFloodOfHeadersIsCutOff() throws Exception {
    try (var client = SpdyClient.connect(server.exec("io"), TestServer.V4)) {
      client.open("streamtype", "x".repeat(60_000));
      client.awaitHangUp();
    }
    try (var client = SpdyClient.connect(server.exec("io"), TestServer.V4)) {
      // a control frame that announces 16 MB
      client.raw(new byte[] {(byte) 0x80, 3, 0, 1, 0, (byte) 0xff, (byte) 0xff, (byte) 0xff});
      client.awaitHangUp();
    }
    stillServes();
  }

  @Test
  void streamNumbersMustRise() throws Exception {
    for (int second : new int[] {1, 2, 3}) {
      try (var client = SpdyClient.connect(server.exec("io"), TestServer.V4)) {
        client.send(syn(3));
        client.send(syn(second));
        client.awaitHangUp();
        assertThat(client.control().toString()).contains("PROTOCOL_ERROR");
      }
    }
  }

  @Test
  void aFloodOfStreamsIsRefusedAboveTheLimit() throws Exception {
    try (var client = SpdyClient.connect(server.portForward("host"), FORWARD)) {
      for (int i = 0; i < 2_100; i++) {
        client.open("streamtype", "data", "port", "80", "requestid", "r" + i);
      }
      client.await(() -> client.control().size() == 2_100);
      assertThat(client.control().stream().filter(f -> f.toString().contains("REFUSED")))
          .hasSize(100);
    }
  }

  @Test
  void aFloodOfResetsEndsTheConnection() throws Exception {
    try (var client = SpdyClient.connect(server.portForward("host"), FORWARD)) {
      for (int i = 0; i < 3_000; i++) {
        client.reset(client.open("streamtype", "data", "port", "1", "requestid", "r" + i));
      }
      client.awaitHangUp();
    } catch (IOException e) {
      assertThat(e).isInstanceOf(java.net.SocketException.class);
    }
    stillServes();
  }

  @Test
  void pingsOfAClientThatReadsNothingStopAndTakeNoMemory() throws Exception {
    try (var client = SpdyClient.connect(server.exec("io"), TestServer.V4)) {
      var flood = encoded(new DefaultSpdyPingFrame(1)).repeat(20_000);
      var writer =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  while (true) {
                    client.raw(flood.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
                  }
                } catch (IOException e) {
                  // closed below
                }
              });
      assertThat(writer.join(Duration.ofSeconds(2))).as("writer is held back").isFalse();
      assertThat(PlatformDependent.usedDirectMemory()).isLessThan(MOST_DIRECT_MEMORY);
      stillServes();
    }
  }

  @Test
  void inputThatNobodyTakesStopsAndTakesNoMemory() throws Exception {
    try (var idle = TestServer.running(p -> p.sizes.take().width());
        var client = SpdyClient.connect(idle.exec("io"), TestServer.V4)) {
      var writer = flood(client);
      assertThat(writer.join(Duration.ofSeconds(2))).as("writer is held back").isFalse();
      assertThat(PlatformDependent.usedDirectMemory()).isLessThan(MOST_DIRECT_MEMORY);
    }
  }

  @Test
  void aClientThatLeavesWhileItsInputIsStuckIsNoticed() throws Exception {
    try (var idle = TestServer.running(p -> p.sizes.take().width())) {
      var client = SpdyClient.connect(idle.exec("io"), TestServer.V4);
      var writer = flood(client);
      var process = idle.started.take();
      assertThat(writer.join(Duration.ofSeconds(3))).as("writer is held back").isFalse();
      assertThat(process.released.getCount()).as("a client that waits is served").isOne();

      client.cut();

      assertThat(process.released.await(15, TimeUnit.SECONDS)).as("session ended").isTrue();
    }
  }

  /// Opens an exec's streams and sends more input than anything holds.
  private static Thread flood(SpdyClient client) throws IOException {
    client.openTyped("error");
    int in = client.openTyped("stdin");
    client.openTyped("stdout");
    return Thread.ofVirtual()
        .start(() -> {
          try {
            for (int i = 0; i < 4_000; i++) {
              client.data(in, new byte[64 * 1024]);
            }
          } catch (IOException e) {
            // closed by the test
          }
        });
  }

  private void stillServes() throws Exception {
    try (var client = SpdyClient.connect(server.exec("io"), TestServer.V4)) {
      int error = client.openTyped("error");
      int in = client.openTyped("stdin");
      client.openTyped("stdout");
      client.end(in);
      assertThat(client.readAll(error)).contains("Success");
    }
  }

  private static byte[] recordedSession() throws IOException {
    var bytes = new ByteArrayOutputStream();
    var codec = new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1));
    int id = 1;
    for (var type : new String[] {"error", "stdin", "stdout"}) {
      var syn = syn(id);
      syn.headers().set("streamtype", type);
      codec.writeOutbound(syn);
      id += 2;
    }
    codec.writeOutbound(new DefaultSpdyPingFrame(1));
    for (ByteBuf part = codec.readOutbound(); part != null; part = codec.readOutbound()) {
      part.readBytes(bytes, part.readableBytes());
      part.release();
    }
    codec.finishAndReleaseAll();
    return bytes.toByteArray();
  }

  private static DefaultSpdySynStreamFrame syn(int id) {
    var syn = new DefaultSpdySynStreamFrame(id, 0, (byte) 0);
    syn.headers().set("streamtype", "error");
    return syn;
  }

  private static String encoded(Object frame) {
    var codec = new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1));
    codec.writeOutbound(frame);
    ByteBuf bytes = codec.readOutbound();
    var text = bytes.toString(java.nio.charset.StandardCharsets.ISO_8859_1);
    bytes.release();
    codec.finishAndReleaseAll();
    return text;
  }
}
