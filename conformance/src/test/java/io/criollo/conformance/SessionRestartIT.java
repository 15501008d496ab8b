// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static io.criollo.conformance.ChannelClient.OUTCOME;
import static io.criollo.conformance.ChannelClient.STDIN;
import static io.criollo.conformance.ChannelClient.STDOUT;
import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.ContainerConfig;
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

  /// More than the buffers on the way usually hold.
  private static final String PRINTER = "seq 1 600000; cat; echo printed >>/dev/shm/seen";

  private static final String TYPIST =
      "trap 'echo hup >>/dev/shm/seen' HUP; echo ready;"
          + " until [ -e /dev/shm/go ]; do echo more; usleep 10000; done;"
          + " stty size && echo typed >>/dev/shm/seen";

  private static final Duration LONG = Duration.ofSeconds(60);

  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  private static ChannelClient exec(String id, boolean terminal, String script) throws Exception {
    return ChannelClient.connect(criollo.client().execUrl(id, terminal, "sh", "-c", script), V5);
  }

  private static ChannelClient attach(String id) throws Exception {
    return ChannelClient.connect(criollo.client().attachUrl(id), V5);
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

  private static void await(String what, Patience.Condition holds)
      throws IOException, InterruptedException {
    Patience.await(what, LONG, holds);
  }

  @ParameterizedTest
  @EnumSource
  void whatClientsStartedGoesOn(DaemonEnd end) throws Exception {
    Pod pod = criollo.pod("survivor");
    String id = pod.createAndStart(Pod.container("sleep", TestImages.BUSYBOX, "sleep", "1000"));
    String reader = pod.createAndStart(reader());

    try (var pending = exec(id, false, PRINTER);
        var terminal = exec(id, true, TYPIST);
        var attached = attach(reader)) {
      attached.send(STDIN, "one\n");
      await("it answers", () -> attached.text(STDOUT).equals("got one\n"));
      await("the terminal prints", () -> terminal.text(STDOUT).contains("ready\r\nmore"));
      await("the exec prints", () -> pending.count(STDOUT) > 10_000);
      pending.pause();

      end.of(criollo.daemon());

      assertTold(end, attached);
      assertTold(end, terminal);
      pending.resume();
      pending.awaitCut();
      assertThat(pending.text(OUTCOME)).as("told as far as there is room").isIn("", told(end));
      assertNoNumberIsMissing(pending.text(STDOUT));
    }
    criollo.startAgain();

    pod.output(id, "touch", "/dev/shm/go");
    await("all is printed, and input has ended", () -> seen(pod, id).contains("printed"));
    await("the terminal's process goes on", () -> seen(pod, id).contains("typed"));
    assertThat(seen(pod, id)).as("signals").doesNotContain("hup");
    assertInputIsStillOpen(reader);
    assertThat(pod.log("reader"))
        .satisfiesExactly(
            line -> assertThat(line).endsWith(" F got one"),
            line -> assertThat(line).endsWith(" F got two"));
  }

  /// Its input ends with the first client that hangs up.
  private static ContainerConfig.Builder reader() {
    String script = "while read x; do echo got $x; done";
    return Pod.container("reader", TestImages.BUSYBOX, "sh", "-c", script)
        .setStdin(true)
        .setStdinOnce(true);
  }

  private static void assertInputIsStillOpen(String reader) throws Exception {
    try (var client = attach(reader)) {
      client.send(STDIN, "two\n");
      await("another client is heard", () -> client.text(STDOUT).contains("got two"));
      client.end(STDIN);
      client.awaitEnd();
      assertThat(client.text(OUTCOME)).contains("Success");
    }
  }

  private static String seen(Pod pod, String id) {
    return pod.output(id, "sh", "-c", "cat /dev/shm/seen 2>/dev/null");
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
}
