// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static io.criollo.conformance.ChannelClient.OUTCOME;
import static io.criollo.conformance.ChannelClient.STDIN;
import static io.criollo.conformance.ChannelClient.STDOUT;
import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.ExecRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Much, many at once, and clients that leave at any moment.
class StreamingLoadIT {
  private static final String V5 = "v5.channel.k8s.io";
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final int SESSIONS = 20;

  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  private static ChannelClient exec(String id, String script) throws Exception {
    var request =
        ExecRequest.newBuilder()
            .setContainerId(id)
            .addAllCmd(List.of("sh", "-c", script))
            .setStdin(true)
            .setStdout(true);
    return ChannelClient.connect(criollo.client().runtime().exec(request.build()).getUrl(), V5);
  }

  private static String sleeper(String name) throws IOException {
    return criollo
        .pod(name)
        .createAndStart(Pod.container("a", TestImages.BUSYBOX, "sleep", "1000"));
  }

  @Test
  void muchGoesThereAndBackUnchanged() throws Exception {
    String id = sleeper("much");
    var sent = new StringBuilder();
    try (var client = exec(id, "cat")) {
      for (int i = 0; i < 128; i++) {
        String part = (i + " ").repeat(10_000);
        sent.append(part);
        client.send(STDIN, part);
      }
      client.end(STDIN);
      client.awaitEnd();
      assertThat(client.text(STDOUT).equals(sent.toString())).as("the same came back").isTrue();
      assertThat(client.text(OUTCOME)).contains("Success");
    }
  }

  @Test
  void sessionsAtOnceKeepTheirBytesAndCodesApart() throws Exception {
    String id = sleeper("many");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var sessions = new ArrayList<Callable<Boolean>>();
      for (int i = 1; i <= SESSIONS; i++) {
        int number = i;
        sessions.add(() -> oneOfMany(id, number));
      }
      for (var session : threads.invokeAll(sessions)) {
        assertThat(session.get()).isTrue();
      }
    }
  }

  private static boolean oneOfMany(String id, int number) throws Exception {
    try (var client = exec(id, "cat; exit " + number)) {
      client.send(STDIN, "session " + number);
      client.end(STDIN);
      client.awaitEnd();
      assertThat(client.text(STDOUT)).isEqualTo("session " + number);
      assertThat(client.text(OUTCOME)).contains("\"message\":\"" + number + "\"");
      return true;
    }
  }

  @Test
  void clientsThatLeaveAfterAnyFrameLeaveNothingBehind() throws Exception {
    String id = sleeper("leavers");
    leaveAfter(id, 0);
    long descriptors = descriptors();
    for (int frames = 0; frames <= 8; frames++) {
      leaveAfter(id, frames);
    }
    Patience.await(
        "daemon and monitor have no more than " + descriptors + " descriptors",
        LONG,
        () -> descriptors() <= descriptors);
    try (var client = exec(id, "cat")) {
      client.end(STDIN);
      client.awaitEnd();
      assertThat(client.text(OUTCOME)).contains("Success");
    }
  }

  /// Frames go both ways: each that is sent is answered before the next.
  private static void leaveAfter(String id, int frames) throws Exception {
    try (var client = exec(id, "cat")) {
      for (int i = 1; i <= frames / 2; i++) {
        client.send(STDIN, "x");
        int wanted = i;
        Patience.await("the answer", LONG, () -> client.count(STDOUT) == wanted);
      }
      if (frames % 2 == 1) {
        client.send(STDIN, "x");
      }
    }
  }

  private static long descriptors() throws IOException {
    long monitor = criollo.node().monitor().orElseThrow().pid();
    return descriptors(criollo.daemon().pid()) + descriptors(monitor);
  }

  private static long descriptors(long pid) throws IOException {
    try (var all = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      return all.count();
    }
  }
}
