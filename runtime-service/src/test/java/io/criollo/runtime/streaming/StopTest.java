// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conformance.SpdyClient;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What clients see of a daemon that is stopped.
@Timeout(60)
class StopTest {
  private static final String V5 = "v5.channel.k8s.io";

  /// Prints, then waits to be interrupted.
  private static int talkative(FakeProcess process) throws Exception {
    process.stdout.write("said".getBytes(US_ASCII));
    Thread.sleep(Duration.ofHours(1));
    return 0;
  }

  @Test
  void aClientIsToldInFullAndTheProcessIsLeft() throws Exception {
    var server = TestServer.running(StopTest::talkative);
    try (var client = WebSocketClient.connect(server.exec("ot"), V5)) {
      var process = server.started.take();
      client.await(1, "said");

      server.close();

      assertThat(client.awaitClose()).isEqualTo(1000);
      assertThat(client.text(3)).contains("Failure").contains("the runtime is stopping");
      assertThat(process.left()).isTrue();
    }
  }

  @Test
  void soIsAClientThatSpeaksSpdy() throws Exception {
    var server = TestServer.running(StopTest::talkative);
    try (var client = SpdyClient.connect(server.exec("o"), TestServer.V4)) {
      int error = client.openTyped("error");
      int out = client.openTyped("stdout");
      client.await(() -> client.text(out).equals("said"));

      server.close();

      assertThat(client.readAll(error)).contains("Failure").contains("the runtime is stopping");
      client.awaitHangUp();
    }
  }

  @Test
  void aForwardingClientIsToldToGo() throws Exception {
    var server = TestServer.running(p -> 0);
    try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var client =
            SpdyClient.connect(
                server.portForward("host"), "X-Stream-Protocol-Version: portforward.k8s.io\r\n")) {
      var port = String.valueOf(listener.getLocalPort());
      client.open("streamtype", "error", "port", port, "requestid", "1");
      client.open("streamtype", "data", "port", port, "requestid", "1");
      try (var forwarded = listener.accept()) {
        server.close();

        client.awaitHangUp();
        assertThat(client.control().toString()).contains("GoAway");
        assertThat(forwarded.getInputStream().read()).isEqualTo(-1);
      }
    }
  }

  @Test
  void aClientThatDoesNotHangUpDelaysTheEndOnlyAMoment() throws Exception {
    var server = TestServer.running(StopTest::talkative);
    try (var silent = SpdyClient.connect(server.portForward("host"), "")) {
      assertThat(silent.response()).contains(" 101 ");
      long begin = System.nanoTime();
      server.close();
      assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(20));
    }
  }
}
