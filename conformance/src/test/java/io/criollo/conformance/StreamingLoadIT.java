// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static io.criollo.conformance.ChannelClient.OUTCOME;
import static io.criollo.conformance.ChannelClient.STDIN;
import static io.criollo.conformance.ChannelClient.STDOUT;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.ExecSyncRequest;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Much, many at once, and clients that leave at any moment.
@AnyRuntime
class StreamingLoadIT {
  private static final String V5 = "v5.channel.k8s.io";
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final int SESSIONS = 20;

  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  private static ChannelClient exec(String id, String script) throws Exception {
    return ChannelClient.connect(criollo.client().execUrl(id, false, "sh", "-c", script), V5);
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
    Holdings before = Holdings.now(criollo);
    for (int frames = 0; frames <= 8; frames++) {
      leaveAfter(id, frames);
    }
    before.awaitNoMore(criollo);
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

  /// `-Dcriollo.sessions=ROUNDS` for more of them, seven a round.
  @Test
  @Timeout(3600)
  void badCommandsAndDroppedClientsLeaveDescriptorsAndThreadsAsTheyWere() throws Exception {
    Pod pod = criollo.pod("bad");
    var attachable =
        Pod.container("a", TestImages.BUSYBOX, "sh", "-c", "while :; do echo x; sleep 1; done");
    String id = pod.createAndStart(attachable.setStdin(true));
    for (int i = 0; i < 3; i++) {
      badSessions(id);
    }
    Holdings before = Holdings.now(criollo);
    for (int round = 0; round < Integer.getInteger("criollo.sessions", 20); round++) {
      badSessions(id);
    }
    before.awaitNoMore(criollo);
  }

  private static void badSessions(String id) throws Exception {
    try (var dropped = exec(id, "seq 200000; cat")) {
      Patience.await("its beginning", LONG, () -> dropped.count(STDOUT) > 0);
    }
    var cri = criollo.client();
    ChannelClient.connect(cri.execUrl(id, true, "cat"), V5).close();
    ChannelClient.connect(cri.attachUrl(id), V5).close();
    try (var bad = ChannelClient.connect(cri.execUrl(id, false, "/no/such/program"), V5)) {
      bad.awaitCut();
      assertThat(bad.text(OUTCOME)).contains("Failure");
    }
    assertThatThrownBy(() -> cri.execUrl("nobody", false, "true"))
        .isInstanceOf(StatusRuntimeException.class);
    assertThatThrownBy(() ->
            cri.runtime()
                .execSync(
                    ExecSyncRequest.newBuilder()
                        .setContainerId(id)
                        .addCmd("/no/such/program")
                        .build()))
        .isInstanceOf(StatusRuntimeException.class);
    URI streaming = URI.create(cri.attachUrl(id));
    try (var socket = new Socket(streaming.getHost(), streaming.getPort())) {
      socket.getOutputStream().write("GET /exec/nobody HTTP/1.1\r\nUpgrade: ".getBytes(US_ASCII));
    }
  }
}
