// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conformance.SpdyClient;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SpdyExecTest {
  private static final String SUCCESS = "{\"status\":\"Success\"}";

  @Test
  void inputIsHalfClosedAndOutputsComeApart() throws Exception {
    try (var server =
            TestServer.running(p -> {
              var text = new String(p.stdin.readAllBytes(), UTF_8);
              p.stdout.write(("out " + text).getBytes(UTF_8));
              p.stderr.write(("err " + text).getBytes(UTF_8));
              return 3;
            });
        var client = SpdyClient.connect(server.exec("ioe"), TestServer.V4)) {
      assertThat(client.response())
          .startsWith("HTTP/1.1 101 ")
          .containsIgnoringCase("Upgrade: SPDY/3.1")
          .containsIgnoringCase("X-Stream-Protocol-Version: v4.channel.k8s.io");
      int error = client.openTyped("error");
      int in = client.openTyped("stdin");
      int out = client.openTyped("stdout");
      int err = client.openTyped("stderr");
      client.data(in, "hel");
      client.data(in, "lo");
      client.end(in);
      assertThat(client.readAll(error)).contains("\"message\":\"3\"").contains("NonZeroExitCode");
      assertThat(client.readAll(out)).isEqualTo("out hello");
      assertThat(client.readAll(err)).isEqualTo("err hello");
      client.awaitHangUp();
      assertThat(client.hungUp()).isTrue();
    }
  }

  @Test
  void aTerminalIsResizedAndHasNoStderr() throws Exception {
    try (var server =
            TestServer.running(p -> {
              for (int i = 0; i < 2; i++) {
                p.stdout.write((p.sizes.take() + " ").getBytes(UTF_8));
              }
              return 0;
            });
        var client = SpdyClient.connect(server.exec("iot"), TestServer.V4)) {
      int error = client.openTyped("error");
      int out = client.openTyped("stdout");
      int resize = client.openTyped("resize");
      client.openTyped("stdin");
      client.data(resize, "{\"Width\":80,\"Hei");
      client.data(resize, "ght\":24}{\"Width\":81,\"Height\":25}");
      assertThat(client.readAll(error)).isEqualTo(SUCCESS);
      assertThat(client.text(out))
          .isEqualTo("TerminalSize[width=80, height=24] TerminalSize[width=81, height=25] ");
    }
  }

  @Test
  void oldClientsGetTheOutcomeAsText() throws Exception {
    for (var protocols :
        new String[] {
          "X-Stream-Protocol-Version: v3.channel.k8s.io\r\n",
          "X-Stream-Protocol-Version: v2.channel.k8s.io, channel.k8s.io\r\n",
          "X-Stream-Protocol-Version: channel.k8s.io\r\n",
          ""
        }) {
      try (var server = TestServer.running(p -> 7);
          var client = SpdyClient.connect(server.exec("o"), protocols)) {
        int error = client.openTyped("error");
        client.openTyped("stdout");
        assertThat(client.readAll(error))
            .isEqualTo("command terminated with non-zero exit code: exit status 7");
      }
    }
  }

  @Test
  void anAttachEndsInSuccessWhateverTheExitCode() throws Exception {
    try (var server = TestServer.running(p -> 9);
        var client = SpdyClient.connect(server.attach("o"), TestServer.V4)) {
      int error = client.openTyped("error");
      client.openTyped("stdout");
      assertThat(client.readAll(error)).isEqualTo(SUCCESS);
    }
  }

  @Test
  void aClientThatLeavesReleasesTheProcess() throws Exception {
    try (var server = TestServer.running(p -> p.stdin.read() + 1)) {
      try (var client = SpdyClient.connect(server.exec("io"), TestServer.V4)) {
        client.openTyped("error");
        client.openTyped("stdin");
        client.openTyped("stdout");
        var process = server.started.poll(10, TimeUnit.SECONDS);
        client.cut();
        assertThat(process.released.await(10, TimeUnit.SECONDS)).isTrue();
      }
    }
  }

  @Test
  void aClientThatStopsReadingBlocksNobodyElse() throws Exception {
    try (var server = TestServer.running(SpdyExecTest::floodOrGreet)) {
      try (var stuck = SpdyClient.connect(server.exec("io"), TestServer.V4);
          var other = SpdyClient.connect(server.exec("io"), TestServer.V4)) {
        stuck.openTyped("error");
        int command = stuck.openTyped("stdin");
        stuck.openTyped("stdout");
        stuck.data(command, "flood");
        stuck.end(command);
        int error = other.openTyped("error");
        int in = other.openTyped("stdin");
        int out = other.openTyped("stdout");
        other.data(in, "greet");
        other.end(in);
        assertThat(other.readAll(error)).isEqualTo(SUCCESS);
        assertThat(other.readAll(out)).isEqualTo("hello");
      }
    }
  }

  private static int floodOrGreet(FakeProcess process) throws IOException {
    if (new String(process.stdin.readAllBytes(), UTF_8).equals("greet")) {
      process.stdout.write("hello".getBytes(UTF_8));
      return 0;
    }
    while (true) {
      process.stdout.write(new byte[64 * 1024]);
    }
  }

  @Test
  void aProcessThatReadsNothingHoldsTheClientBackAndStillEnds() throws Exception {
    try (var server =
            TestServer.running(p -> {
              p.sizes.take();
              return 0;
            });
        var client = SpdyClient.connect(server.exec("iot"), TestServer.V4)) {
      int error = client.openTyped("error");
      int in = client.openTyped("stdin");
      client.openTyped("stdout");
      int resize = client.openTyped("resize");
      for (int i = 0; i < 10; i++) {
        client.data(in, new byte[64 * 1024]);
      }
      client.data(resize, "{\"Width\":1,\"Height\":1}");
      var process = server.started.poll(10, TimeUnit.SECONDS);
      process.sizes.add(new TerminalSize(2, 2));
      assertThat(client.readAll(error)).isEqualTo(SUCCESS);
    }
  }

  @Test
  void streamsThatWereNotAskedForAreRefused() throws Exception {
    try (var server = TestServer.running(p -> 0);
        var client = SpdyClient.connect(server.exec("o"), TestServer.V4)) {
      client.openTyped("stdin");
      client.openTyped("nonsense");
      client.open("a", "b");
      client.await(() -> client.control().size() == 3);
      assertThat(client.control()).allMatch(f -> f.toString().contains("REFUSED_STREAM"));
      int error = client.openTyped("error");
      client.openTyped("stdout");
      assertThat(client.readAll(error)).isEqualTo(SUCCESS);
    }
  }

  @Test
  void aClientThatOpensTooFewStreamsIsCutOff() throws Exception {
    try (var server = TestServer.patient(Duration.ofSeconds(20), Duration.ofMillis(200), p -> 0);
        var client = SpdyClient.connect(server.exec("ioe"), TestServer.V4)) {
      client.openTyped("error");
      client.awaitHangUp();
      assertThat(server.started).isEmpty();
    }
  }

  @Test
  void anIdleConnectionIsCutOff() throws Exception {
    try (var server =
            TestServer.patient(
                Duration.ofMillis(300), Duration.ofSeconds(20), p -> p.stdin.read() + 1);
        var client = SpdyClient.connect(server.exec("io"), TestServer.V4)) {
      client.openTyped("error");
      client.openTyped("stdin");
      client.openTyped("stdout");
      var process = server.started.poll(10, TimeUnit.SECONDS);
      assertThat(process.released.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void closingTheServerEndsItsSessions() throws Exception {
    var server = TestServer.running(p -> p.stdin.read() + 1);
    try (server;
        var client = SpdyClient.connect(server.exec("io"), TestServer.V4)) {
      client.openTyped("error");
      client.openTyped("stdin");
      client.openTyped("stdout");
      var process = server.started.poll(10, TimeUnit.SECONDS);
      server.close();
      assertThat(process.released.getCount()).isZero();
      client.awaitHangUp();
    }
  }
}
