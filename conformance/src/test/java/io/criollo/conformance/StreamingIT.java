// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static io.criollo.conformance.ChannelClient.OUTCOME;
import static io.criollo.conformance.ChannelClient.RESIZE;
import static io.criollo.conformance.ChannelClient.STDERR;
import static io.criollo.conformance.ChannelClient.STDIN;
import static io.criollo.conformance.ChannelClient.STDOUT;
import static io.criollo.conformance.Statuses.assertRefused;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.ExecRequest;
import io.criollo.cri.v1.PortForwardRequest;
import io.grpc.Status.Code;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class StreamingIT {
  private static final String V5 = "v5.channel.k8s.io";

  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  private static String sleeper(Pod pod) {
    return pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "sleep", "1000"));
  }

  private static ExecRequest.Builder exec(String id, String... command) {
    return ExecRequest.newBuilder()
        .setContainerId(id)
        .addAllCmd(List.of(command))
        .setStdin(true)
        .setStdout(true);
  }

  private static ChannelClient connect(ExecRequest.Builder request) throws Exception {
    return ChannelClient.connect(criollo.client().runtime().exec(request.build()).getUrl(), V5);
  }

  @Test
  void anExecHasThreeStreamsAHalfCloseAndAnExitCode() throws Exception {
    Pod pod = criollo.pod("exec");
    var request = exec(sleeper(pod), "sh", "-c", "cat; echo err >&2; exit 3").setStderr(true);

    try (var client = connect(request)) {
      client.send(STDIN, "hello");
      client.end(STDIN);
      client.awaitEnd();

      assertThat(client.text(STDOUT)).isEqualTo("hello");
      assertThat(client.text(STDERR)).isEqualTo("err\n");
      assertThat(client.text(OUTCOME)).contains("NonZeroExitCode").contains("\"message\":\"3\"");
    }
  }

  @Test
  void anExecWithATerminalIsResized() throws Exception {
    Pod pod = criollo.pod("terminal");
    // input and resizes are channels of their own, without an order between them
    var script = "until stty size 2>/dev/null | grep '25 81'; do sleep 0.1; done; tty";
    var request = exec(sleeper(pod), "sh", "-c", script).setTty(true);

    try (var client = connect(request)) {
      client.send(RESIZE, "{\"Width\":81,\"Height\":25}");
      client.awaitEnd();

      assertThat(client.text(STDOUT)).contains("25 81").contains("/dev/pts/");
      assertThat(client.text(OUTCOME)).contains("Success");
    }
  }

  @Test
  void aCommandThatDoesNotExistIsTold() throws Exception {
    Pod pod = criollo.pod("none");

    try (var client = connect(exec(sleeper(pod), "/no/such/program"))) {
      client.awaitEnd();

      assertThat(client.text(OUTCOME)).contains("Failure").contains("/no/such/program");
    }
  }

  @Test
  void anAttachedClientTalksWithTheFirstProcess() throws Exception {
    Pod pod = criollo.pod("attach");
    String id =
        pod.createAndStart(
            Pod.container("a", TestImages.BUSYBOX, "sh", "-c", "read x; echo got $x")
                .setStdin(true)
                .setStdinOnce(true));

    try (var client = attach(id)) {
      client.send(STDIN, "it\n");
      client.awaitEnd();

      assertThat(client.text(STDOUT)).isEqualTo("got it\n");
      assertThat(client.text(OUTCOME)).contains("Success");
    }
  }

  private static ChannelClient attach(String id) throws Exception {
    return ChannelClient.connect(criollo.client().attachUrl(id), V5);
  }

  @Test
  void allAttachedClientsSeeWhatOneOfThemAsksFor() throws Exception {
    Pod pod = criollo.pod("together");
    String script = "while read x; do echo got $x; done";
    String id =
        pod.createAndStart(
            Pod.container("a", TestImages.BUSYBOX, "sh", "-c", script).setStdin(true));

    try (var one = attach(id);
        var other = attach(id)) {
      Patience.await(
          "both see the answers",
          Duration.ofSeconds(30),
          () -> {
            one.send(STDIN, "it\n");
            return one.text(STDOUT).contains("got it") && other.text(STDOUT).contains("got it");
          });
      other.send(STDIN, "more\n");
      Patience.await(
          "the first sees the answer to the second",
          Duration.ofSeconds(30),
          () -> one.text(STDOUT).contains("got more"));
    }
  }

  @Test
  void anAttachedClientThatReadsNothingHoldsUpNobody() throws Exception {
    Pod pod = criollo.pod("asleep");
    // an answer is small enough that who reads is never a mebibyte behind and cut off
    String script = "while read x; do head -c 100000 /bin/busybox; done";
    String id =
        pod.createAndStart(
            Pod.container("a", TestImages.BUSYBOX, "sh", "-c", script).setStdin(true));

    try (var asleep = upgraded(criollo.client().attachUrl(id));
        var awake = attach(id)) {
      assertThat(asleep.isConnected()).isTrue();
      for (int i = 1; i <= 100; i++) { // more than all buffers on the way hold for who sleeps
        int wanted = i * 100_000;
        awake.send(STDIN, "more\n");
        Patience.await("answer " + i, Duration.ofSeconds(60), () -> awake.count(STDOUT) >= wanted);
      }
    }
  }

  /// {@return a client that has asked for numbered channels and never reads}
  private static Socket upgraded(String url) throws IOException {
    var uri = URI.create(url);
    var socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()));
    String request =
        String.join(
            "\r\n",
            "GET " + uri.getPath() + " HTTP/1.1",
            "Host: " + uri.getAuthority(),
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Protocol: " + V5,
            "",
            "");
    socket.getOutputStream().write(request.getBytes(US_ASCII));
    return socket;
  }

  @Test
  void aPortOfThePodIsForwarded() throws Exception {
    Pod pod = criollo.pod("forward");
    String id =
        pod.createAndStart(
            Pod.container(
                "a", TestImages.BUSYBOX, "nc", "-ll", "-p", "7000", "-e", "echo", "hello"));
    Patience.await(
        "port 7000 listens",
        Duration.ofSeconds(10),
        () -> pod.output(id, "netstat", "-ltn").contains(":7000"));
    var url = criollo.client().forwardUrl(pod.id(), 7000);

    try (var client = ChannelClient.connect(url, "v4.channel.k8s.io")) {
      client.awaitEnd();

      assertThat(client.text(0)).endsWith("hello\n");
    }
  }

  @Test
  void whatDoesNotRunIsRefused() throws Exception {
    var cri = criollo.client().runtime();
    assertRefused(Code.NOT_FOUND, () -> cri.exec(exec("feed", "true").build()));
    assertRefused(
        Code.NOT_FOUND,
        () -> cri.portForward(PortForwardRequest.newBuilder().setPodSandboxId("feed").build()));
    Pod pod = criollo.pod("refused");
    assertRefused(
        Code.INVALID_ARGUMENT,
        () -> cri.exec(exec(sleeper(pod), "true").setTty(true).setStderr(true).build()));
  }
}
