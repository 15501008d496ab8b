// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.conformance.SpdyClient;
import io.criollo.runtime.state.Refusal;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PortForwardTest {
  private static final String PROTOCOL = "X-Stream-Protocol-Version: portforward.k8s.io\r\n";

  private static final String TUNNEL = "SPDY/3.1+portforward.k8s.io";

  private TestServer server;
  private ServerSocket echo;

  @BeforeEach
  void start() throws IOException {
    server = TestServer.running(p -> 0);
    echo = new ServerSocket(0, 200, InetAddress.ofLiteral("127.0.0.1"));
    Thread.ofVirtual().start(() -> serve(echo));
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    echo.close();
  }

  @Test
  void manyConnectionsAreForwardedAtOnceEachHalfClosed() throws Exception {
    try (var client = SpdyClient.connect(server.portForward("host"), PROTOCOL)) {
      assertThat(client.response()).containsIgnoringCase(PROTOCOL);
      var data = new ArrayList<Integer>();
      for (int i = 0; i < 50; i++) {
        data.add(open(client, echo.getLocalPort(), "r" + i)[0]);
      }
      for (int i = 0; i < 50; i++) {
        client.data(data.get(i), "text " + i);
        client.end(data.get(i));
      }
      for (int i = 0; i < 50; i++) {
        assertThat(client.readAll(data.get(i))).isEqualTo("text " + i + " and end");
      }
    }
  }

  @Test
  void theNextAddressIsTriedWhenTheFirstRefuses() throws Exception {
    try (var six = new ServerSocket(0, 10, InetAddress.ofLiteral("::1"));
        var client = SpdyClient.connect(server.portForward("host"), PROTOCOL)) {
      Thread.ofVirtual().start(() -> serve(six));
      int data = open(client, six.getLocalPort(), "1")[0];
      client.end(data);
      assertThat(client.readAll(data)).isEqualTo(" and end");
    }
  }

  @Test
  void aRefusedPortIsToldOnTheErrorStreamAndOthersGoOn() throws Exception {
    int unused;
    try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      unused = socket.getLocalPort();
    }
    try (var client = SpdyClient.connect(server.portForward("host"), PROTOCOL)) {
      int error = open(client, unused, "1")[1];
      assertThat(client.readAll(error)).contains("port " + unused).contains("refused");
      int data = open(client, echo.getLocalPort(), "2")[0];
      client.end(data);
      assertThat(client.readAll(data)).isEqualTo(" and end");
    }
  }

  @Test
  void anUnknownPodGetsNoUrl() {
    assertThatThrownBy(() -> server.portForward("gone"))
        .isInstanceOf(Refusal.NotFound.class)
        .hasMessage("pod \"gone\" not found");
  }

  @Test
  void aPodThatIsGoneWhenTheClientComesIsToldOnTheErrorStream() throws Exception {
    var known = new AtomicBoolean(true);
    PodPorts.Networks networks =
        id -> {
          if (known.get()) {
            return Optional.empty();
          }
          throw new Refusal.NotFound("pod", id);
        };
    try (var late = TestServer.forwarding(networks);
        var client = SpdyClient.connect(late.portForward("p"), PROTOCOL)) {
      known.set(false);
      assertThat(client.readAll(open(client, 80, "1")[1])).contains("pod \"p\" not found");
    }
  }

  @Test
  void clientsWithoutRequestIdsArePairedByStreamNumber() throws Exception {
    try (var client = SpdyClient.connect(server.portForward("host"), "")) {
      var port = Integer.toString(echo.getLocalPort());
      client.open("streamtype", "error", "port", port);
      int data = client.open("streamtype", "data", "port", port);
      client.end(data);
      assertThat(client.readAll(data)).isEqualTo(" and end");
    }
  }

  @Test
  void streamsWithoutPortOrTypeOrTwiceTheSameAreRefused() throws Exception {
    try (var client = SpdyClient.connect(server.portForward("host"), PROTOCOL)) {
      client.open("streamtype", "data");
      client.open("streamtype", "data", "port", "0");
      client.open("streamtype", "data", "port", "65536");
      client.open("streamtype", "data", "port", "8o");
      client.open("streamtype", "stdin", "port", "80");
      client.open("streamtype", "data", "port", "80", "requestid", "a");
      client.open("streamtype", "data", "port", "80", "requestid", "a");
      client.await(() -> client.control().size() == 7);
      assertThat(client.control().stream().filter(f -> f.toString().contains("REFUSED")))
          .hasSize(6);
    }
  }

  @Test
  void halfAPairIsResetAfterTheCreationTime() throws Exception {
    try (var hasty = TestServer.patient(Duration.ofSeconds(20), Duration.ofMillis(200), p -> 0);
        var client = SpdyClient.connect(hasty.portForward("host"), PROTOCOL)) {
      client.open("streamtype", "data", "port", "80", "requestid", "a");
      client.await(() -> client.control().size() == 2);
      assertThat(client.control().getLast().toString()).contains("INTERNAL_ERROR");
    }
  }

  @Test
  void aResetByTheClientClosesTheConnectionInThePod() throws Exception {
    try (var pod = new ServerSocket(0, 10, InetAddress.ofLiteral("127.0.0.1"));
        var client = SpdyClient.connect(server.portForward("host"), PROTOCOL)) {
      int data = open(client, pod.getLocalPort(), "1")[0];
      try (var connection = pod.accept()) {
        connection.setSoTimeout(10_000);
        client.reset(data);
        assertThat(connection.getInputStream().read()).isEqualTo(-1);
      }
    }
  }

  @Test
  void aClientThatLeavesClosesTheConnectionInThePod() throws Exception {
    try (var pod = new ServerSocket(0, 10, InetAddress.ofLiteral("127.0.0.1"));
        var client = SpdyClient.connect(server.portForward("host"), PROTOCOL)) {
      open(client, pod.getLocalPort(), "1");
      try (var connection = pod.accept()) {
        connection.setSoTimeout(10_000);
        client.cut();
        assertThat(connection.getInputStream().read()).isEqualTo(-1);
      }
    }
  }

  @Test
  void numberedChannelsBeginWithTheirPort() throws Exception {
    int port = echo.getLocalPort();
    try (var client =
        WebSocketClient.connect(server.portForward("host", port, 1), "v4.channel.k8s.io")) {
      client.send(0, "X");
      assertThat(client.awaitClose()).isEqualTo(1000);
      var greeting = new byte[] {(byte) port, (byte) (port >> 8)};
      assertThat(client.bytes(0)).startsWith(greeting).endsWith("X and end".getBytes(UTF_8));
      assertThat(client.bytes(1)).isEqualTo(greeting);
      assertThat(client.bytes(2)).containsExactly(1, 0);
      assertThat(client.text(3)).startsWith("\1\0").contains("refused");
    }
  }

  @Test
  void numberedChannelsAreThereInBase64Too() throws Exception {
    int port = echo.getLocalPort();
    try (var client =
        WebSocketClient.connect(server.portForward("host", port), "v4.base64.channel.k8s.io")) {
      client.sendBase64(0, "X");
      assertThat(client.awaitClose()).isEqualTo(1000);
      var greeting = new byte[] {(byte) port, (byte) (port >> 8)};
      assertThat(client.bytes(0)).startsWith(greeting).endsWith("X and end".getBytes(UTF_8));
      assertThat(client.bytes(1)).isEqualTo(greeting);
    }
  }

  @Test
  void anIdleConnectionIsCutOff() throws Exception {
    try (var pod = new ServerSocket(0, 10, InetAddress.ofLiteral("127.0.0.1"));
        var hasty = TestServer.patient(Duration.ofMillis(300), Duration.ofSeconds(20), p -> 0);
        var client = SpdyClient.connect(hasty.portForward("host"), PROTOCOL)) {
      open(client, pod.getLocalPort(), "1");
      try (var connection = pod.accept()) {
        connection.setSoTimeout(10_000);
        assertThat(connection.getInputStream().read()).isEqualTo(-1);
      }
      client.awaitHangUp();
    }
  }

  @Test
  void aTunnelThroughAWebSocketCarriesTheSameFramesCutAnywhere() throws Exception {
    var port = Integer.toString(echo.getLocalPort());
    var frames =
        SpdyFrames.bytes(
            SpdyFrames.syn(1, "streamtype", "error", "port", port, "requestid", "1"),
            SpdyFrames.syn(3, "streamtype", "data", "port", port, "requestid", "1"),
            new DefaultSpdyDataFrame(3, Unpooled.copiedBuffer("X", UTF_8)));
    for (int size : new int[] {1, 7, frames.length}) {
      try (var client = RawWebSocket.connect(server.portForward("host"), TUNNEL)) {
        assertThat(client.response).contains(" 101 ").contains(TUNNEL);
        for (int at = 0; at < frames.length; at += size) {
          var piece = Arrays.copyOfRange(frames, at, Math.min(at + size, frames.length));
          client.send(RawWebSocket.FIN | RawWebSocket.BINARY, piece);
        }
        var carried = new ByteArrayOutputStream();
        while (!SpdyFrames.ended(carried.toByteArray(), 3)) {
          carried.writeBytes(client.next().orElseThrow().payload().array());
        }
        assertThat(SpdyFrames.text(carried.toByteArray(), 3)).isEqualTo("X and end");
        assertThat(SpdyFrames.text(carried.toByteArray(), 1)).isEmpty();
        client.send(RawWebSocket.FIN | RawWebSocket.CLOSE);
        client.awaitEnd();
      }
    }
  }

  private static int[] open(SpdyClient client, int port, String request) throws IOException {
    var text = Integer.toString(port);
    int error = client.open("streamtype", "error", "port", text, "requestid", request);
    client.end(error);
    int data = client.open("streamtype", "data", "port", text, "requestid", request);
    return new int[] {data, error};
  }

  /// Echoes to the end of input or an X, then says so.
  private static void serve(ServerSocket server) {
    while (!server.isClosed()) {
      try {
        var socket = server.accept();
        Thread.ofVirtual()
            .start(() -> {
              try (socket) {
                var in = socket.getInputStream();
                for (int c = in.read(); c >= 0; c = in.read()) {
                  socket.getOutputStream().write(c);
                  if (c == 'X') {
                    break;
                  }
                }
                socket.getOutputStream().write(" and end".getBytes(UTF_8));
              } catch (IOException e) {
                // the test sees what is missing
              }
            });
      } catch (IOException e) {
        return;
      }
    }
  }
}
