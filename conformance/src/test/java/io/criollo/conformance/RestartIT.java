// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.AttachRequest;
import io.criollo.cri.v1.ContainerState;
import io.criollo.cri.v1.ExecRequest;
import io.criollo.cri.v1.ImageStatusRequest;
import io.criollo.cri.v1.PodSandboxState;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RestartIT {
  private static final String COUNT = "i=0; while :; do echo $i; i=$((i+1)); usleep 20000; done";

  private static final String V5 = "v5.channel.k8s.io";
  private static final Duration LONG = Duration.ofSeconds(30);

  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  /// The two ways in which a daemon ends.
  private enum End {
    TERMINATED {
      @Override
      void of(DaemonProcess daemon) throws IOException {
        daemon.close();
      }
    },
    KILLED {
      @Override
      void of(DaemonProcess daemon) throws InterruptedException {
        daemon.kill();
      }
    };

    abstract void of(DaemonProcess daemon) throws IOException, InterruptedException;
  }

  @Test
  void containersRunOnWhileTheDaemonIsStopped() throws Exception {
    containersRunOn(End.TERMINATED);
  }

  @Test
  void containersRunOnWhenTheDaemonIsKilled() throws Exception {
    containersRunOn(End.KILLED);
  }

  private static void containersRunOn(End end) throws Exception {
    Pod pod = criollo.pod("survivor");
    String id = pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "sh", "-c", COUNT));
    var podBefore = pod.status();
    var before = pod.status(id);
    awaitLines(pod, 5);

    end.of(criollo.daemon());
    int lines = pod.log("a").size();
    awaitLines(pod, lines + 10);
    criollo.startAgain();

    assertThat(pod.status()).isEqualTo(podBefore);
    assertThat(pod.status().getState()).isEqualTo(PodSandboxState.SANDBOX_READY);
    assertThat(pod.status(id)).isEqualTo(before);
    assertThat(pod.output(id, "echo", "alive")).isEqualTo("alive");
    awaitLines(pod, pod.log("a").size() + 10);
    pod.stop(id, Duration.ZERO);
    assertThat(pod.status(id).getExitCode()).isEqualTo(137);
    assertNoNumberIsMissing(pod);
  }

  private static void awaitLines(Pod pod, int count) throws IOException, InterruptedException {
    Patience.await(count + " lines", Duration.ofSeconds(30), () -> pod.log("a").size() >= count);
  }

  private static void assertNoNumberIsMissing(Pod pod) throws IOException {
    int next = 0;
    for (String line : pod.log("a")) {
      assertThat(line).endsWith(" F " + next);
      next++;
    }
  }

  @Test
  void sessionsAreCutWithTheDaemonAndTheirProcessesLiveOn() throws Exception {
    Pod pod = criollo.pod("cut");
    String id =
        pod.createAndStart(
            Pod.container("a", TestImages.BUSYBOX, "sh", "-c", "while read x; do echo got $x; done")
                .setStdin(true));
    var command = List.of("sh", "-c", "echo begun; cat; echo over >/dev/shm/over; sleep 1000");

    try (var exec = ChannelClient.connect(execUrl(id, command), V5);
        var attached = ChannelClient.connect(attachUrl(id), V5)) {
      Patience.await("it begins", LONG, () -> exec.text(ChannelClient.STDOUT).contains("begun"));
      criollo.daemon().kill();
      exec.awaitCut();
      attached.awaitCut();
      assertThat(exec.text(ChannelClient.OUTCOME)).as("no outcome is made up").isEmpty();
      assertThat(attached.text(ChannelClient.OUTCOME)).isEmpty();
    }
    criollo.startAgain();

    Patience.await(
        "the command sees the end of its input and goes on",
        LONG,
        () -> pod.output(id, "sh", "-c", "cat /dev/shm/over").equals("over"));
    assertThat(pod.output(id, "ps")).contains("sleep 1000");
    try (var again = ChannelClient.connect(attachUrl(id), V5)) {
      again.send(ChannelClient.STDIN, "it\n");
      Patience.await("it answers", LONG, () -> again.text(ChannelClient.STDOUT).contains("got it"));
    }
  }

  private static String execUrl(String id, List<String> command) {
    var request =
        ExecRequest.newBuilder()
            .setContainerId(id)
            .addAllCmd(command)
            .setStdin(true)
            .setStdout(true);
    return criollo.client().runtime().exec(request.build()).getUrl();
  }

  private static String attachUrl(String id) {
    var request = AttachRequest.newBuilder().setContainerId(id).setStdin(true).setStdout(true);
    return criollo.client().runtime().attach(request.build()).getUrl();
  }

  @Test
  void anExitWhileTheDaemonIsAwayIsTold() throws Exception {
    Pod pod = criollo.pod("absent");
    String script = "until [ -e /dev/shm/go ]; do usleep 20000; done; exit 6";
    String id = pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "sh", "-c", script));
    String other =
        pod.createAndStart(
            Pod.container(
                "b", TestImages.BUSYBOX, "sh", "-c", "sleep 3; touch /dev/shm/go; sleep 1000"));

    criollo.daemon().kill();
    Patience.await(
        "the process ends",
        Duration.ofSeconds(30),
        () -> ProcessHandle.allProcesses().noneMatch(RestartIT::waitsForGo));
    Instant down = Instant.now();
    criollo.startAgain();

    var status = pod.status(id);
    assertThat(status.getState()).isEqualTo(ContainerState.CONTAINER_EXITED);
    assertThat(status.getExitCode()).isEqualTo(6);
    assertThat(Instant.EPOCH.plusNanos(status.getFinishedAt())).isBefore(down.plusSeconds(1));
    assertThat(pod.status(other).getState()).isEqualTo(ContainerState.CONTAINER_RUNNING);
  }

  private static boolean waitsForGo(ProcessHandle process) {
    return TestNode.commandLine(process).startsWith("sh -c until");
  }

  @Test
  void imagesAndCreatedContainersAreKept() throws Exception {
    Pod pod = criollo.pod("kept");
    String id = pod.create(Pod.container("a", TestImages.BUSYBOX, "sh", "-c", "exit 4"));
    String stopped = pod.createAndStart(Pod.container("b", TestImages.BUSYBOX, "true"));
    var ended = pod.awaitExit(stopped);

    criollo.daemon().kill();
    criollo.startAgain();

    var image = ImageStatusRequest.newBuilder().setImage(CriClient.spec(TestImages.BUSYBOX));
    assertThat(criollo.client().images().imageStatus(image.build()).hasImage()).isTrue();
    assertThat(pod.status(stopped)).isEqualTo(ended);
    assertThat(pod.status(id).getState()).isEqualTo(ContainerState.CONTAINER_CREATED);
    pod.start(id);
    assertThat(pod.awaitExit(id).getExitCode()).isEqualTo(4);
  }

  @Test
  void theDaemonAnswersSoonAfterItsStart() throws Exception {
    criollo.daemon().close();
    criollo.startAgain();

    // The node may be a guest, where everything takes three to four times as long.
    assertThat(criollo.daemon().firstAnswer()).isLessThan(Duration.ofSeconds(20));
  }
}
