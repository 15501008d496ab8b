// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.ContainerState;
import io.criollo.cri.v1.ImageStatusRequest;
import io.criollo.cri.v1.PodSandboxState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RestartIT {
  private static final String COUNT = "i=0; while :; do echo $i; i=$((i+1)); usleep 20000; done";

  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  @Test
  void containersRunOnWhileTheDaemonIsStopped() throws Exception {
    containersRunOn(DaemonEnd.TERMINATED);
  }

  @Test
  void containersRunOnWhenTheDaemonIsKilled() throws Exception {
    containersRunOn(DaemonEnd.KILLED);
  }

  private static void containersRunOn(DaemonEnd end) throws Exception {
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

  /// The daemon dies between the OCI runtime's start and its own note of it.
  @Test
  void containersThatWereJustStartedWhenTheDaemonDiedAreKnown() throws Exception {
    Pod pod = criollo.pod("start");
    String runs = pod.create(Pod.container("a", TestImages.BUSYBOX, "sleep", "1000"));
    String ends = pod.create(Pod.container("b", TestImages.BUSYBOX, "sh", "-c", "exit 4"));
    String waits = pod.create(Pod.container("c", TestImages.BUSYBOX, "sleep", "1000"));
    byte[] runsBefore = Files.readAllBytes(record(runs));
    byte[] endsBefore = Files.readAllBytes(record(ends));
    pod.start(runs);
    pod.start(ends);
    pod.awaitExit(ends);

    criollo.daemon().kill();
    Files.write(record(runs), runsBefore);
    Files.write(record(ends), endsBefore);
    criollo.startAgain();

    var status = pod.status(runs);
    assertThat(status.getState()).isEqualTo(ContainerState.CONTAINER_RUNNING);
    assertThat(status.getStartedAt()).isGreaterThanOrEqualTo(status.getCreatedAt());
    assertThat(pod.output(runs, "echo", "alive")).isEqualTo("alive");
    assertThat(pod.status(ends).getState()).isEqualTo(ContainerState.CONTAINER_EXITED);
    assertThat(pod.status(ends).getExitCode()).isEqualTo(4);
    assertThat(pod.status(waits).getState()).isEqualTo(ContainerState.CONTAINER_CREATED);
    pod.start(waits);
    assertThat(pod.output(waits, "echo", "alive")).isEqualTo("alive");
  }

  private static Path record(String container) {
    return criollo.node().root().resolve("containers").resolve(container).resolve("container.json");
  }

  @Test
  void theDaemonAnswersSoonAfterItsStart() throws Exception {
    criollo.restart();

    // The node may be a guest, where everything takes three to four times as long.
    assertThat(criollo.daemon().firstAnswer()).isLessThan(Duration.ofSeconds(20));
  }
}
