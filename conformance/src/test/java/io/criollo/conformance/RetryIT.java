// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.ContainerFilter;
import io.criollo.cri.v1.ContainerState;
import io.criollo.cri.v1.CreateContainerRequest;
import io.criollo.cri.v1.ListContainersRequest;
import io.criollo.cri.v1.ListPodSandboxRequest;
import io.criollo.cri.v1.PodSandbox;
import io.criollo.cri.v1.PodSandboxConfig;
import io.criollo.cri.v1.PodSandboxState;
import io.criollo.cri.v1.RunPodSandboxRequest;
import io.grpc.Status;
import io.grpc.Status.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The same request again: while the first is under way, after its sender has left, after the
/// daemon was killed in the middle of it, and after a reboot.
class RetryIT {
  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  private static final int MANY = 6;
  private static final Duration LONG = Duration.ofSeconds(60);

  private static RunPodSandboxRequest request(PodSandboxConfig config) throws IOException {
    PodCgroup.make(config.getLinux().getCgroupParent());
    return RunPodSandboxRequest.newBuilder().setConfig(config).build();
  }

  private static String run(RunPodSandboxRequest request) {
    return criollo.client().runtime().runPodSandbox(request).getPodSandboxId();
  }

  private static List<PodSandbox> pods() {
    return criollo
        .client()
        .runtime()
        .listPodSandbox(ListPodSandboxRequest.getDefaultInstance())
        .getItemsList();
  }

  private static int containers(Pod pod) {
    var filter = ContainerFilter.newBuilder().setPodSandboxId(pod.id());
    return criollo
        .client()
        .runtime()
        .listContainers(ListContainersRequest.newBuilder().setFilter(filter).build())
        .getContainersCount();
  }

  private static List<String> atOnce(Callable<String> call) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      return threads.invokeAll(Collections.nCopies(MANY, call)).stream()
          .map(RetryIT::result)
          .toList();
    }
  }

  private static String result(Future<String> future) {
    try {
      return future.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theSameRequestManyTimesAtOnceMakesOnePodAndOneContainer() throws Exception {
    var config = criollo.config("crowd").build();
    var request = request(config);

    var ids = atOnce(() -> run(request));
    assertThat(ids).hasSize(MANY).containsOnly(ids.getFirst());
    assertThat(pods()).hasSize(1);

    Pod pod = Pod.adopt(criollo::client, config, ids.getFirst());
    var container = Pod.container("a", TestImages.BUSYBOX, "sleep", "1000");
    var created = atOnce(() -> pod.create(container));
    assertThat(created).hasSize(MANY).containsOnly(created.getFirst());
    assertThat(containers(pod)).isEqualTo(1);
  }

  @Test
  void aContainerIsFinishedThoughItsSenderHasLeft() throws Exception {
    Pod pod = criollo.pod("left");
    var container = Pod.container("a", TestImages.BUSYBOX, "sleep", "1000");
    var request =
        CreateContainerRequest.newBuilder()
            .setPodSandboxId(pod.id())
            .setConfig(container)
            .setSandboxConfig(pod.config())
            .build();
    var failure =
        Assertions.catchThrowable(
            () -> criollo.client().runtime(Duration.ofMillis(5)).createContainer(request));
    assertThat(Status.fromThrowable(failure).getCode()).isEqualTo(Code.DEADLINE_EXCEEDED);

    String id = pod.create(container);

    assertThat(containers(pod)).isEqualTo(1);
    pod.start(id);
    assertThat(pod.output(id, "echo", "works")).isEqualTo("works");
  }

  @Test
  void aPodThatWasHalfMadeWhenTheDaemonDiedIsMadeAnew() throws Exception {
    var config = criollo.config("half").build();
    var request = request(config);
    Path namespaces = criollo.node().socket().resolveSibling("ns");
    var first = Thread.ofVirtual().start(() -> cutOff(request));
    Patience.await("it has a network namespace", LONG, () -> !isEmpty(namespaces));
    criollo.daemon().kill();
    first.join();
    criollo.startAgain();

    Pod pod = Pod.adopt(criollo::client, config, run(request));

    assertThat(pods()).singleElement().extracting(PodSandbox::getId).isEqualTo(pod.id());
    String id = pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "sleep", "1000"));
    assertThat(pod.output(id, "echo", "works")).isEqualTo("works");
  }

  private static void cutOff(RunPodSandboxRequest request) {
    var failure = Assertions.catchThrowable(() -> run(request));
    assertThat(Status.fromThrowable(failure).getCode()).isEqualTo(Code.UNAVAILABLE);
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (var entries = Files.list(folder)) {
      return entries.findAny().isEmpty();
    }
  }

  @Test
  void afterARebootPodsAreNotReadyAndMadeAnew() throws Exception {
    Pod pod = criollo.pod("rebooted");
    var sleeper = Pod.container("a", TestImages.BUSYBOX, "sleep", "1000");
    String running = pod.createAndStart(sleeper);
    String ended = pod.createAndStart(Pod.container("b", TestImages.BUSYBOX, "sh", "-c", "exit 3"));
    var before = pod.awaitExit(ended);

    criollo.daemon().kill();
    criollo.node().monitor().ifPresent(ProcessHandle::destroyForcibly); // sees no end
    PodCgroup.end(pod.config().getLinux().getCgroupParent());
    criollo.node().reboot();
    criollo.startAgain();

    assertThat(pod.status().getState()).isEqualTo(PodSandboxState.SANDBOX_NOTREADY);
    assertThat(pod.status(ended)).isEqualTo(before);
    var lost = pod.status(running);
    assertThat(lost.getState()).isEqualTo(ContainerState.CONTAINER_EXITED);
    assertThat(lost.getExitCode()).isEqualTo(255);
    assertThat(lost.getFinishedAt()).isPositive();
    Assertions.assertThatThrownBy(() -> pod.create(sleeper)).hasMessageContaining("not ready");

    var config = pod.config().toBuilder();
    config.getMetadataBuilder().setAttempt(1);
    Pod next = criollo.run(config.build());
    String again = next.createAndStart(sleeper);
    assertThat(next.output(again, "echo", "works")).isEqualTo("works");
    pod.stop();
    assertThat(next.output(again, "echo", "still works")).isEqualTo("still works");
    pod.remove(running);
    pod.remove(ended);
  }
}
