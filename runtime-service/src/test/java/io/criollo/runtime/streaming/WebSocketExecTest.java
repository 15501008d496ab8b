// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WebSocketExecTest {
  private static final int NORMAL = 1000;
  private static final int WRONG_TYPE = 1003;

  @Test
  void aClientOfVersionFiveEndsItsInputAlone() throws Exception {
    try (var server = TestServer.running(WebSocketExecTest::echo);
        var client = WebSocketClient.connect(server.exec("ioe"), "v5.channel.k8s.io")) {
      assertThat(client.protocol()).isEqualTo("v5.channel.k8s.io");
      client.send(0, "hello");
      client.endChannel(0);
      assertThat(client.awaitClose()).isEqualTo(NORMAL);
      assertThat(client.text(1)).isEqualTo("hello");
      assertThat(client.text(2)).isEqualTo("bye");
      assertThat(client.text(3)).contains("\"message\":\"4\"");
    }
  }

  @Test
  void theClientIsGreetedBeforeAnythingIsWritten() throws Exception {
    try (var server = TestServer.running(WebSocketExecTest::echo);
        var client = WebSocketClient.connect(server.exec("io"), "v4.channel.k8s.io")) {
      while (!client.knows(1)) {
        Thread.sleep(1);
      }
      assertThat(client.text(1)).isEmpty();
    }
  }

  @Test
  void olderVersionsTakeChannelTwoHundredFiftyFiveForData() throws Exception {
    try (var server = TestServer.running(p -> p.stdin.read());
        var client = WebSocketClient.connect(server.exec("io"), "v4.channel.k8s.io")) {
      client.endChannel(0);
      client.send(0, "\u0007");
      assertThat(client.awaitClose()).isEqualTo(NORMAL);
      assertThat(client.text(3)).contains("\"message\":\"7\"");
    }
  }

  @Test
  void aMessageMayComeInFragments() throws Exception {
    try (var server = TestServer.running(WebSocketExecTest::echo);
        var client = WebSocketClient.connect(server.exec("io"), "v5.channel.k8s.io")) {
      client.send(ByteBuffer.wrap("\0one ".getBytes(UTF_8)), false);
      client.send(ByteBuffer.wrap("two ".getBytes(UTF_8)), false);
      client.send(ByteBuffer.wrap("three".getBytes(UTF_8)), true);
      client.endChannel(0);
      client.awaitClose();
      assertThat(client.text(1)).isEqualTo("one two three");
    }
  }

  @Test
  void base64IsTextBothWays() throws Exception {
    for (var version : new String[] {"v4.base64.channel.k8s.io", "base64.channel.k8s.io"}) {
      try (var server =
              TestServer.running(p -> {
                p.stdout.write(p.stdin.readNBytes(5));
                return 5;
              });
          var client = WebSocketClient.connect(server.exec("io"), version)) {
        client.sendBase64(0, "hello");
        assertThat(client.awaitClose()).isEqualTo(NORMAL);
        assertThat(client.text(1)).isEqualTo("hello");
        assertThat(client.text(3)).contains("exit");
      }
    }
  }

  @Test
  void anIdleConnectionIsCutOff() throws Exception {
    try (var server =
            TestServer.patient(
                Duration.ofMillis(300), Duration.ofSeconds(20), p -> p.stdin.read() + 1);
        var client = WebSocketClient.connect(server.exec("io"), "v5.channel.k8s.io")) {
      var process = server.started.poll(10, TimeUnit.SECONDS);
      assertThat(process.released.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(client.closed.handle((_, _) -> true).get(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void clientsThatNameNoProtocolGetTheFirst() throws Exception {
    try (var server = TestServer.running(p -> 6);
        var client = WebSocketClient.connect(server.exec("o"), "")) {
      client.awaitClose();
      assertThat(client.text(3))
          .isEqualTo("command terminated with non-zero exit code: exit status 6");
    }
  }

  @Test
  void aTerminalIsResized() throws Exception {
    try (var server =
            TestServer.running(p -> {
              p.stdout.write(p.sizes.take().toString().getBytes(UTF_8));
              return 0;
            });
        var client = WebSocketClient.connect(server.exec("iot"), "v5.channel.k8s.io")) {
      client.send(4, "{\"Width\":80,\"Height\":24}");
      client.awaitClose();
      assertThat(client.text(1)).isEqualTo("TerminalSize[width=80, height=24]");
    }
  }

  @Test
  void messagesOfTheWrongKindEndTheConnection() throws Exception {
    try (var server = TestServer.running(p -> p.stdin.read() + 1);
        var client = WebSocketClient.connect(server.exec("io"), "v5.channel.k8s.io")) {
      var process = server.started.poll(10, TimeUnit.SECONDS);
      client.sendBase64(0, "hello");
      assertThat(client.awaitClose()).isEqualTo(WRONG_TYPE);
      assertThat(process.released.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void channelsThatDoNotExistAreIgnored() throws Exception {
    try (var server = TestServer.running(WebSocketExecTest::echo);
        var client = WebSocketClient.connect(server.exec("io"), "v5.channel.k8s.io")) {
      for (int channel : new int[] {1, 2, 3, 5, 77, 254}) {
        client.send(ByteBuffer.wrap(new byte[] {(byte) channel, 1}), true);
        client.endChannel(channel);
      }
      client.endChannel(0);
      assertThat(client.awaitClose()).isEqualTo(NORMAL);
    }
  }

  @Test
  void aClientThatLeavesReleasesTheProcess() throws Exception {
    try (var server = TestServer.running(p -> p.stdin.read() + 1);
        var client = WebSocketClient.connect(server.exec("io"), "v5.channel.k8s.io")) {
      var process = server.started.poll(10, TimeUnit.SECONDS);
      client.cut();
      assertThat(process.released.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static int echo(FakeProcess process) throws Exception {
    process.stdin.transferTo(process.stdout);
    process.stderr.write("bye".getBytes(UTF_8));
    return 4;
  }
}
