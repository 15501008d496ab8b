// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static io.criollo.conformance.ChannelClient.OUTCOME;
import static io.criollo.conformance.ChannelClient.STDIN;
import static io.criollo.conformance.ChannelClient.STDOUT;
import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.AttachRequest;
import io.criollo.cri.v1.ExecRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Exec and attach when the daemon is stopped or killed under them. Their processes notice nothing.
/// A client's connection ends: it has got a beginning of the output without a gap; of a daemon that
/// is stopped it hears why, of one that is killed nothing, and never that all went well.
class SessionRestartIT {
  private static final String V5 = "v5.channel.k8s.io";
  private static final String STOPPED =
      """
      {"status":"Failure","message":"Internal error occurred: the runtime is stopping or restarting; \
      what ran goes on without this client","reason":"InternalError","code":500}
      """;

  private static final Duration LONG = Duration.ofSeconds(60);

  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  private static String exec(String id, boolean terminal, String script) {
    var request =
        ExecRequest.newBuilder()
            .setContainerId(id)
            .addAllCmd(List.of("sh", "-c", script))
            .setStdin(true)
            .setStdout(true)
            .setTty(terminal);
    return criollo.client().runtime().exec(request.build()).getUrl();
  }

  private static String attach(String id) {
    var request = AttachRequest.newBuilder().setContainerId(id).setStdin(true).setStdout(true);
    return criollo.client().runtime().attach(request.build()).getUrl();
  }

  private static void assertTold(DaemonEnd end, ChannelClient client) throws Exception {
    client.awaitCut();
    assertThat(client.text(OUTCOME)).isEqualTo(told(end));
  }

  private static String told(DaemonEnd end) {
    return switch (end) {
      case TERMINATED -> STOPPED.strip();
      case KILLED -> "";
    };
  }

  private static String file(Pod pod, String id, String path) {
    return pod.output(id, "sh", "-c", "cat " + path + " 2>/dev/null");
  }

  private static void await(String what, Patience.Condition holds)
      throws IOException, InterruptedException {
    Patience.await(what, LONG, holds);
  }

  @ParameterizedTest
  @EnumSource
  void anExecWithPendingOutputRunsToItsEnd(DaemonEnd end) throws Exception {
    Pod pod = criollo.pod("pending");
    String id = pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "sleep", "1000"));
    // more than buffers on the way usually hold
    String script = "seq 1 600000; cat; echo over >/dev/shm/over; sleep 1000";

    try (var client = ChannelClient.connect(exec(id, false, script), V5)) {
      await("output comes", () -> client.count(STDOUT) > 10_000);
      client.pause();
      end.of(criollo.daemon());
      client.resume();
      client.awaitCut();
      assertThat(client.text(OUTCOME)).as("told only as far as there is room").isIn("", told(end));
      assertNoNumberIsMissing(client.text(STDOUT));
    }
    criollo.startAgain();

    await(
        "it writes on, and reads the end of its input",
        () -> file(pod, id, "/dev/shm/over").equals("over"));
    assertThat(pod.output(id, "ps")).contains("sleep 1000");
  }

  /// The last line may be cut.
  private static void assertNoNumberIsMissing(String output) {
    var lines = List.of(output.split("\n", -1));
    int next = 1;
    for (String line : lines.subList(0, lines.size() - 1)) {
      if (!line.equals(Integer.toString(next))) {
        assertThat(line).isEqualTo(Integer.toString(next));
      }
      next++;
    }
    assertThat(next).isBetween(1000, 600_001);
  }

  @ParameterizedTest
  @EnumSource
  void aTerminalIsNotHungUp(DaemonEnd end) throws Exception {
    Pod pod = criollo.pod("terminal");
    String id = pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "sleep", "1000"));
    String script =
        "trap 'echo hup >>/dev/shm/seen' HUP; echo ready;"
            + " until [ -e /dev/shm/go ]; do echo more; usleep 10000; done;"
            + " stty size && echo over >>/dev/shm/seen; sleep 1000";

    try (var client = ChannelClient.connect(exec(id, true, script), V5)) {
      await("it has begun", () -> client.text(STDOUT).contains("ready\r\nmore"));
      end.of(criollo.daemon());
      assertTold(end, client);
      assertThat(client.text(STDOUT)).startsWith("ready\r\n");
    }
    criollo.startAgain();

    pod.output(id, "touch", "/dev/shm/go");
    await("it goes on", () -> file(pod, id, "/dev/shm/seen").endsWith("over"));
    assertThat(file(pod, id, "/dev/shm/seen")).isEqualTo("over");
  }

  @ParameterizedTest
  @EnumSource
  void anAttachedClientMayComeBack(DaemonEnd end) throws Exception {
    Pod pod = criollo.pod("again");
    String id =
        pod.createAndStart(
            Pod.container("a", TestImages.BUSYBOX, "sh", "-c", "while read x; do echo got $x; done")
                .setStdin(true)
                .setStdinOnce(true));

    try (var client = ChannelClient.connect(attach(id), V5)) {
      client.send(STDIN, "one\n");
      await("it answers", () -> client.text(STDOUT).equals("got one\n"));
      end.of(criollo.daemon());
      assertTold(end, client);
    }
    criollo.startAgain();

    try (var client = ChannelClient.connect(attach(id), V5)) {
      client.send(STDIN, "two\n");
      await("its input is still open", () -> client.text(STDOUT).contains("got two"));
      client.end(STDIN);
      client.awaitEnd();
      assertThat(client.text(OUTCOME)).contains("Success");
    }
    assertThat(pod.log("a"))
        .satisfiesExactly(
            line -> assertThat(line).endsWith(" F got one"),
            line -> assertThat(line).endsWith(" F got two"));
  }
}
