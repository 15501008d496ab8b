// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conformance.images.TestImages;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Streaming clients that break the rules, ask for too much or leave too early, as the daemon and
/// the monitor get over them.
@AnyRuntime
class HostileStreamsIT {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final int FLOODS = 4;
  private static final int MEBIBYTE = 1 << 20;
  private static final String SPDY =
      String.join(
          "\r\n", "Connection: Upgrade", "Upgrade: SPDY/3.1", "X-Stream-Protocol-Version: %s", "");
  private static final String WEBSOCKET =
      String.join(
          "\r\n",
          "Connection: Upgrade",
          "Upgrade: websocket",
          "Sec-WebSocket-Version: 13",
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
          "Sec-WebSocket-Protocol: %s",
          "");

  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  @Test
  void randomFramesLeaveNothingBehind() throws Exception {
    Pod pod = criollo.pod("hostile");
    String id = sleeper(pod);
    attack(pod, id, new Random(1), 6); // so that what is made once, and kept, is there
    Holdings before = Holdings.now(criollo);

    attack(pod, id, new Random(7), 60);

    before.awaitNoMore(criollo);
    assertThat(pod.output(id, "echo", "alive")).isEqualTo("alive");
  }

  private static void attack(Pod pod, String id, Random random, int times) throws Exception {
    for (int i = 0; i < times; i++) {
      try (var socket = victim(pod, id, random)) {
        for (int n = random.nextInt(1, 6); n > 0; n--) {
          socket.getOutputStream().write(frame(random));
        }
        if (random.nextBoolean()) {
          socket.setSoLinger(true, 0); // leaves with a reset
        }
      } catch (IOException e) {
        assertThat(e).as("cut while writing").hasMessageMatching("Broken pipe|Connection reset.*");
      }
    }
  }

  private static Socket victim(Pod pod, String id, Random random) throws IOException {
    return switch (random.nextInt(4)) {
      case 0 ->
          upgraded(exec(id, random.nextBoolean(), "cat"), SPDY.formatted("v4.channel.k8s.io"));
      case 1 -> upgraded(forward(pod), SPDY.formatted("portforward.k8s.io"));
      case 2 -> upgraded(forward(pod), WEBSOCKET.formatted("SPDY/3.1+portforward.k8s.io"));
      default ->
          upgraded(exec(id, random.nextBoolean(), "cat"), WEBSOCKET.formatted("v5.channel.k8s.io"));
    };
  }

  /// The beginning of a frame of either protocol, then anything.
  private static byte[] frame(Random random) {
    var bytes = new byte[random.nextInt(8, 4_000)];
    random.nextBytes(bytes);
    switch (random.nextInt(3)) {
      case 0 -> ByteBuffer.wrap(bytes).put((byte) 0x82).put((byte) (0x80 | random.nextInt(128)));
      case 1 ->
          ByteBuffer.wrap(bytes).putShort((short) 0x8003).putShort((short) random.nextInt(12));
      default -> {}
    }
    return bytes;
  }

  @Test
  void floodsThatNobodyReadsAreHeldBackAndCostLittle() throws Exception {
    Pod pod = criollo.pod("flooded");
    String id = sleeper(pod);
    long before = residentMebibytes();
    var flooding = new ArrayList<SocketChannel>();
    try {
      for (int i = 0; i < FLOODS; i++) {
        flooding.add(flood(exec(id, false, "sleep", "500")));
      }
      assertThat(residentMebibytes()).isLessThan(before + 64);
      assertThat(pod.output(id, "echo", "alive")).isEqualTo("alive");
    } finally {
      for (var channel : flooding) {
        channel.close();
      }
    }
  }

  /// {@return a connection that takes no more for two seconds, long before the frame is whole}
  private static SocketChannel flood(String url) throws Exception {
    var socket = upgraded(url, WEBSOCKET.formatted("v5.channel.k8s.io"));
    var channel = socket.getChannel();
    channel.configureBlocking(false);
    var header = new byte[] {(byte) 0x82, (byte) 0xff, 0x7f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    channel.write(ByteBuffer.wrap(header)); // a length of 63 bits, no mask to speak of, channel 0
    var part = ByteBuffer.allocate(MEBIBYTE);
    long sent = 0;
    long last = System.nanoTime();
    while (System.nanoTime() - last < Duration.ofSeconds(2).toNanos()) {
      int count = channel.write(part.clear());
      if (count > 0) {
        sent += count;
        last = System.nanoTime();
      }
      Thread.sleep(5);
    }
    assertThat(sent).as("bytes taken").isBetween(1L, 64L * MEBIBYTE);
    return channel;
  }

  @Test
  void aTerminalWhoseUserLeavesWhileItStartsIsHungUp() throws Exception {
    String id = sleeper(criollo.pod("early"));
    Path execs = criollo.node().socket().resolveSibling("exec");
    for (int i = 0; i < 5; i++) {
      try (var _ =
          upgraded(exec(id, true, "sleep", "500"), WEBSOCKET.formatted("v5.channel.k8s.io"))) {
        Patience.await("the process is being started", LONG, () -> entries(execs) > 0);
      }
      Patience.await("the process has ended", LONG, () -> entries(execs) == 0);
    }
  }

  private static String sleeper(Pod pod) {
    return pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "sleep", "1000"));
  }

  private static String exec(String id, boolean terminal, String... command) {
    return criollo.client().execUrl(id, terminal, command);
  }

  private static String forward(Pod pod) {
    return criollo.client().forwardUrl(pod.id(), 7000);
  }

  /// {@return a connection of which the head of the response is read}
  private static Socket upgraded(String url, String headers) throws IOException {
    var uri = URI.create(url);
    var socket = SocketChannel.open(new InetSocketAddress(uri.getHost(), uri.getPort())).socket();
    var head = "GET %s HTTP/1.1\r\nHost: x\r\n%s\r\n".formatted(uri.getPath(), headers);
    socket.getOutputStream().write(head.getBytes(US_ASCII));
    var response = new StringBuilder();
    while (response.indexOf("\r\n\r\n") < 0) {
      int next = socket.getInputStream().read();
      assertThat(next).as("hung up after " + response).isNotNegative();
      response.append((char) next);
    }
    assertThat(response).contains(" 101 ");
    return socket;
  }

  private static long entries(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return 0;
    }
    try (var all = Files.list(folder)) {
      return all.count();
    }
  }

  private static long residentMebibytes() throws IOException {
    for (var line : Files.readAllLines(Path.of("/proc/" + criollo.daemon().pid() + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024;
      }
    }
    throw new IOException("no VmRSS");
  }
}
