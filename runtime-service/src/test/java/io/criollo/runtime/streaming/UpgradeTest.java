// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.conformance.SpdyClient;
import io.criollo.cri.v1.ExecRequest;
import io.criollo.cri.v1.PortForwardRequest;
import io.criollo.runtime.state.Refusal;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class UpgradeTest {
  private static final String SPDY = "Connection: keep-alive, Upgrade\r\nUpgrade: SPDY/3.1\r\n";
  private static final String WEBSOCKET = WebSocketClient.UPGRADE;

  private TestServer server;

  @BeforeEach
  void start() throws IOException {
    server = TestServer.running(p -> 0);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aUrlNamesTheListeningAddress() {
    assertThat(server.exec("o"))
        .matches("http://127\\.0\\.0\\.1:\\d+/exec/[A-Za-z0-9_-]{8}")
        .contains(":" + server.server().address().getPort() + "/");
  }

  @Test
  void aUrlLeadsToTheServerWhateverItListensOn() throws IOException {
    var urls = Map.of("::1", "http://[0:0:0:0:0:0:0:1]:", "0.0.0.0", "http://127.0.0.1:");
    for (var url : urls.entrySet()) {
      try (var listening = TestServer.listening(InetAddress.ofLiteral(url.getKey()))) {
        assertThat(listening.exec("o")).startsWith(url.getValue());
        assertThat(status(listening.exec("o"), "POST", SPDY)).isEqualTo(101);
      }
    }
  }

  @Test
  void aUrlWorksOnce() throws IOException {
    var url = server.exec("o");
    assertThat(status(url, "POST", SPDY + TestServer.V4)).isEqualTo(101);
    assertThat(status(url, "POST", SPDY + TestServer.V4)).isEqualTo(404);
  }

  @Test
  void aUrlWorksOnlyUnderItsOwnPath() throws IOException {
    assertThat(status(server.exec("o").replace("/exec/", "/attach/"), "POST", SPDY)).isEqualTo(404);
    assertThat(status(server.exec("o") + "/x", "POST", SPDY)).isEqualTo(404);
    assertThat(status(server.exec("o").replaceAll("exec/.*", ""), "GET", SPDY)).isEqualTo(404);
    assertThat(status(server.exec("o") + "?a=b", "GET", SPDY)).isEqualTo(101);
  }

  @Test
  void bothMethodsUpgradeAndNoOther() throws IOException {
    assertThat(status(server.exec("o"), "GET", SPDY)).isEqualTo(101);
    assertThat(status(server.exec("o"), "GET", WEBSOCKET)).isEqualTo(101);
    assertThat(status(server.exec("o"), "PUT", SPDY)).isEqualTo(405);
  }

  @Test
  void withoutAnUpgradeThatWeSpeakItIsABadRequest() throws IOException {
    assertThat(status(server.exec("o"), "GET", "")).isEqualTo(400);
    assertThat(status(server.exec("o"), "GET", "Upgrade: SPDY/3.1\r\n")).isEqualTo(400);
    assertThat(status(server.exec("o"), "GET", SPDY.replace("3.1", "2"))).isEqualTo(400);
    assertThat(status(server.exec("o"), "GET", WEBSOCKET.replace("13", "8"))).isEqualTo(400);
    assertThat(status(server.exec("o"), "POST", WEBSOCKET)).isEqualTo(400);
  }

  @Test
  void withoutACommonProtocolItIsForbidden() throws IOException {
    assertThat(status(server.exec("o"), "GET", SPDY + "X-Stream-Protocol-Version: v9\r\n"))
        .isEqualTo(403);
    assertThat(status(server.exec("o"), "GET", WEBSOCKET + "Sec-WebSocket-Protocol: v9\r\n"))
        .isEqualTo(403);
    assertThat(status(server.portForward("host"), "GET", SPDY + TestServer.V4)).isEqualTo(403);
  }

  @Test
  void numberedChannelsNeedThePortsInTheRequest() throws IOException {
    var numbered = WEBSOCKET + "Sec-WebSocket-Protocol: v4.channel.k8s.io\r\n";
    assertThat(status(server.portForward("host"), "GET", numbered)).isEqualTo(400);
    assertThat(status(server.portForward("host"), "GET", WEBSOCKET)).isEqualTo(400);
    assertThat(status(server.portForward("host", 80), "GET", numbered)).isEqualTo(101);
    var tunnel = WEBSOCKET + "Sec-WebSocket-Protocol: SPDY/3.1+portforward.k8s.io\r\n";
    assertThat(status(server.portForward("host"), "GET", tunnel)).isEqualTo(101);
  }

  @Test
  void theClientsFirstChoiceIsTaken() throws IOException {
    var headers = SPDY + "X-Stream-Protocol-Version: v9,v2.channel.k8s.io\r\n" + TestServer.V4;
    try (var client = SpdyClient.request(server.exec("o"), "POST", headers)) {
      assertThat(client.response()).containsIgnoringCase("protocol-version: v2.channel.k8s.io");
    }
  }

  @Test
  void aRequestThatDoesNotComeIsNotAwaitedForEver() throws IOException {
    try (var hasty = TestServer.patient(Duration.ofSeconds(20), Duration.ofMillis(200), p -> 0);
        var socket =
            new java.net.Socket(
                InetAddress.getLoopbackAddress(), hasty.server().address().getPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write("GET /exec".getBytes(java.nio.charset.StandardCharsets.UTF_8));
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void endlessHeadersAreCut() throws IOException {
    var endless = SPDY + ("X: " + "y".repeat(2_000) + "\r\n").repeat(1_000);
    try (var client = SpdyClient.request(server.exec("o"), "POST", endless)) {
      assertThat(client.response()).doesNotContain(" 101 ");
    } catch (IOException e) {
      assertThat(e).isInstanceOf(java.net.SocketException.class);
    }
  }

  @Test
  void requestsThatMakeNoSenseGetNoUrl() {
    var streaming = server.server();
    var exec = ExecRequest.newBuilder().setContainerId("c").addCmd("x").setStdout(true);
    for (var bad :
        new ExecRequest[] {
          exec.clone().setStdout(false).build(),
          exec.clone().setTty(true).setStderr(true).build(),
          exec.clone().clearCmd().build(),
          exec.clone().setCmd(0, "").build(),
          exec.clone().addCmd("a\0b").build(),
          exec.clone().addCmd("x".repeat(128 << 10)).build(),
          exec.clone().addAllCmd(Collections.nCopies(30, "x".repeat(100_000))).build(),
          exec.clone().clearContainerId().build()
        }) {
      assertThatThrownBy(() -> streaming.exec(bad)).isInstanceOf(Refusal.InvalidArgument.class);
    }
    for (int port : new int[] {0, -1, 65_536}) {
      var forward = PortForwardRequest.newBuilder().setPodSandboxId("host").addPort(port).build();
      assertThatThrownBy(() -> streaming.portForward(forward))
          .isInstanceOf(Refusal.InvalidArgument.class);
    }
  }

  @Test
  void aThousandUrlsMayWaitForTheirClients() throws IOException {
    for (int i = 0; i < 999; i++) {
      server.exec("o");
    }
    var last = server.exec("o");

    assertThatThrownBy(() -> server.exec("o")).isInstanceOf(Refusal.ResourceExhausted.class);
    assertThat(status(last, "POST", SPDY)).isEqualTo(101);
    assertThat(status(server.exec("o"), "POST", SPDY)).isEqualTo(101);
  }

  private static int status(String url, String method, String headers) throws IOException {
    try (var client = SpdyClient.request(url, method, headers)) {
      return Integer.parseInt(client.response().substring(9, 12));
    }
  }
}
