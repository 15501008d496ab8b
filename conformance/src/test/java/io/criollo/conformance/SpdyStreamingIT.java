// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.AttachRequest;
import io.criollo.cri.v1.ExecRequest;
import io.criollo.cri.v1.NamespaceMode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Streaming as a kubelet asks for it: over SPDY/3.1.
@AnyRuntime
class SpdyStreamingIT {
  private static final String COMMAND = "X-Stream-Protocol-Version: v4.channel.k8s.io\r\n";
  private static final String FORWARD = "X-Stream-Protocol-Version: portforward.k8s.io\r\n";
  private static final String SUCCESS = "{\"status\":\"Success\"}";
  private static final String UNTIL_RESIZED =
      "until stty size | grep '25 81'; do sleep 0.1; done; ";

  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  private static SpdyClient exec(String id, boolean terminal, String script) throws IOException {
    var request =
        ExecRequest.newBuilder()
            .setContainerId(id)
            .addAllCmd(List.of("sh", "-c", script))
            .setStdin(true)
            .setStdout(true)
            .setStderr(!terminal)
            .setTty(terminal);
    return connect(criollo.client().runtime().exec(request.build()).getUrl(), COMMAND);
  }

  private static SpdyClient attach(String id, boolean terminal) throws IOException {
    var request =
        AttachRequest.newBuilder()
            .setContainerId(id)
            .setStdin(true)
            .setStdout(true)
            .setTty(terminal);
    return connect(criollo.client().runtime().attach(request.build()).getUrl(), COMMAND);
  }

  private static SpdyClient connect(String url, String protocol) throws IOException {
    var client = SpdyClient.connect(url, protocol);
    assertThat(client.response()).startsWith("HTTP/1.1 101 ").containsIgnoringCase(protocol);
    return client;
  }

  @Test
  void anExecHasThreeStreamsAHalfCloseAndAnExitCode() throws Exception {
    Pod pod = criollo.pod("spdy-exec");
    String id = pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "sleep", "1000"));

    try (var client = exec(id, false, "cat; echo err >&2; exit 3")) {
      int error = client.openTyped("error");
      int in = client.openTyped("stdin");
      int out = client.openTyped("stdout");
      int err = client.openTyped("stderr");
      client.data(in, "hel");
      client.data(in, "lo");
      client.end(in);

      assertThat(client.readAll(out)).isEqualTo("hello");
      assertThat(client.readAll(err)).isEqualTo("err\n");
      assertThat(client.readAll(error)).contains("NonZeroExitCode", "\"message\":\"3\"");
      client.awaitHangUp();
    }
  }

  @Test
  void anExecWithATerminalIsResized() throws Exception {
    Pod pod = criollo.pod("spdy-terminal");
    String id = pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "sleep", "1000"));

    try (var client = exec(id, true, UNTIL_RESIZED + "tty; read x; echo got $x")) {
      talkInATerminal(client, "/dev/pts/");
    }
  }

  @Test
  void anAttachedClientTalksWithTheFirstProcess() throws Exception {
    Pod pod = criollo.pod("spdy-attach");
    var script = "read x; echo got $x; exit 3";
    String id =
        pod.createAndStart(
            Pod.container("a", TestImages.BUSYBOX, "sh", "-c", script).setStdin(true));

    try (var client = attach(id, false)) {
      int error = client.openTyped("error");
      int in = client.openTyped("stdin");
      int out = client.openTyped("stdout");
      client.data(in, "it\n");

      assertThat(client.readAll(out)).isEqualTo("got it\n");
      assertThat(client.readAll(error)).isEqualTo(SUCCESS);
    }
    assertThat(pod.awaitExit(id).getExitCode()).isEqualTo(3);
  }

  @Test
  void theTerminalOfAContainerIsResizedByWhoAttaches() throws Exception {
    Pod pod = criollo.pod("spdy-attach-tty");
    var script = UNTIL_RESIZED + "read x; echo got $x";
    String id =
        pod.createAndStart(
            Pod.container("a", TestImages.BUSYBOX, "sh", "-c", script).setStdin(true).setTty(true));

    try (var client = attach(id, true)) {
      talkInATerminal(client, "25 81");
    }
    assertThat(pod.awaitExit(id).getExitCode()).isZero();
  }

  /// Gives the size that is waited for, and then a line.
  private static void talkInATerminal(SpdyClient client, String answer) throws IOException {
    int error = client.openTyped("error");
    int in = client.openTyped("stdin");
    int out = client.openTyped("stdout");
    int resize = client.openTyped("resize");
    client.data(resize, "{\"Width\":81,\"Height\":25}");
    client.await(() -> client.text(out).contains("25 81\r\n"));
    client.data(in, "it\n");

    assertThat(client.readAll(out)).contains(answer).endsWith("got it\r\n");
    assertThat(client.readAll(error)).isEqualTo(SUCCESS);
  }

  @Test
  void portsOfAPodAreForwardedSideBySide() throws Exception {
    Pod pod = criollo.pod("spdy-forward");
    listen(pod, 7000);

    try (var client = connect(criollo.client().forwardUrl(pod.id(), 7000), FORWARD)) {
      int[] one = request(client, 7000, "1");
      int[] other = request(client, 7000, "2");
      int[] nobody = request(client, 7001, "3");
      client.data(other[1], "second");
      client.end(other[1]);
      assertThat(client.readAll(other[1])).isEqualTo("second");
      client.data(one[1], "first");
      client.end(one[1]);

      assertThat(client.readAll(one[1])).isEqualTo("first");
      assertThat(client.readAll(one[0])).isEmpty();
      assertThat(client.readAll(nobody[0])).contains("port 7001", "refused");
    }
  }

  @Test
  void aPortOfAPodOnTheNodesNetworkIsForwarded() throws Exception {
    var config = criollo.config("spdy-host").clearHostname();
    config
        .getLinuxBuilder()
        .getSecurityContextBuilder()
        .getNamespaceOptionsBuilder()
        .setNetwork(NamespaceMode.NODE);
    Pod pod = criollo.run(config.build());
    listen(pod, 17000);

    try (var client = connect(criollo.client().forwardUrl(pod.id(), 17000), FORWARD)) {
      int[] streams = request(client, 17000, "1");
      client.data(streams[1], "hello");
      client.end(streams[1]);

      assertThat(client.readAll(streams[1])).isEqualTo("hello");
    }
  }

  /// A container that gives back what comes to its port.
  private static void listen(Pod pod, int port) throws Exception {
    var command = new String[] {"nc", "-ll", "-p", Integer.toString(port), "-e", "cat"};
    String id = pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, command));
    Patience.await(
        "port " + port + " listens",
        Duration.ofSeconds(30),
        () -> pod.output(id, "netstat", "-ltn").contains(":" + port));
  }

  /// {@return the error stream and the data stream of a connection to a port}
  private static int[] request(SpdyClient client, int port, String id) throws IOException {
    var text = Integer.toString(port);
    int error = client.open("streamtype", "error", "port", text, "requestid", id);
    client.end(error);
    int data = client.open("streamtype", "data", "port", text, "requestid", id);
    return new int[] {error, data};
  }
}
