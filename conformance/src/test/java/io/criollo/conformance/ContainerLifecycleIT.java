// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static io.criollo.conformance.Statuses.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.Container;
import io.criollo.cri.v1.ContainerFilter;
import io.criollo.cri.v1.ContainerState;
import io.criollo.cri.v1.ContainerStateValue;
import io.criollo.cri.v1.KeyValue;
import io.criollo.cri.v1.ListContainersRequest;
import io.grpc.Status.Code;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ContainerLifecycleIT {
  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  @Test
  void aContainerIsCreatedThenRunsThenHasExited() throws Exception {
    Pod pod = criollo.pod("states");
    String id = pod.create(Pod.container("a", TestImages.BUSYBOX, "sh", "-c", "exit 3"));

    var created = pod.status(id);
    assertThat(created.getState()).isEqualTo(ContainerState.CONTAINER_CREATED);
    assertThat(created.getCreatedAt()).isPositive();
    assertThat(created.getStartedAt()).isZero();
    assertThat(created.getFinishedAt()).isZero();
    pod.start(id);
    var exited = pod.awaitExit(id);
    assertThat(exited.getExitCode()).isEqualTo(3);
    assertThat(exited.getReason()).isEqualTo("Error");
    assertThat(exited.getStartedAt()).isGreaterThanOrEqualTo(exited.getCreatedAt());
    assertThat(exited.getFinishedAt()).isGreaterThanOrEqualTo(exited.getStartedAt());
  }

  @Test
  void successIsCalledCompleted() throws Exception {
    Pod pod = criollo.pod("completed");
    String id = pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "true"));

    var status = pod.awaitExit(id);

    assertThat(status.getExitCode()).isZero();
    assertThat(status.getReason()).isEqualTo("Completed");
  }

  @Test
  void aStatusNamesTheImageByTheIdThatThePullGave() throws IOException {
    String image = criollo.client().pull(TestImages.BUSYBOX);
    Pod pod = criollo.pod("image");
    String id = pod.create(Pod.container("a", TestImages.BUSYBOX, "true").putAnnotations("k", "v"));

    var status = pod.status(id);
    assertThat(status.getImageId()).isEqualTo(image);
    assertThat(status.getImageRef()).isNotEmpty();
    assertThat(status.getImage().getImage()).isEqualTo(TestImages.BUSYBOX);
    assertThat(status.getMetadata().getName()).isEqualTo("a");
    assertThat(status.getAnnotationsMap()).containsEntry("k", "v");
    assertThat(status.getLogPath()).isEqualTo(pod.config().getLogDirectory() + "/a.log");
    assertThat(list(ContainerFilter.newBuilder().setId(id)))
        .singleElement()
        .satisfies(listed -> {
          assertThat(listed.getImageId()).isEqualTo(image);
          assertThat(listed.getMetadata()).isEqualTo(status.getMetadata());
          assertThat(listed.getLabelsMap()).containsEntry("io.kubernetes.container.name", "a");
          assertThat(listed.getAnnotationsMap()).containsEntry("k", "v");
        });
  }

  @Test
  void stoppingAsksFirst() throws IOException {
    Pod pod = criollo.pod("asks");
    String script = "trap 'exit 9' TERM; echo ready; while :; do usleep 20000; done";
    String id = pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "sh", "-c", script));
    awaitLog(pod, "ready");

    pod.stop(id, Duration.ofSeconds(30));

    assertThat(pod.status(id).getExitCode()).isEqualTo(9);
  }

  private static void awaitLog(Pod pod, String word) {
    try {
      Patience.await(
          word + " in the log",
          Duration.ofSeconds(30),
          () -> pod.log("a").stream().anyMatch(line -> line.endsWith(word)));
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void stoppingKillsWhatDoesNotListen() throws IOException {
    Pod pod = criollo.pod("deaf");
    String id = pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "sleep", "1000"));

    pod.stop(id, Duration.ofSeconds(1));

    assertThat(pod.status(id).getExitCode()).isEqualTo(137);
  }

  @Test
  void stoppingWithoutGraceKillsAtOnce() throws IOException {
    Pod pod = criollo.pod("at-once");
    String id = pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "sleep", "1000"));

    pod.stop(id, Duration.ZERO);
    pod.stop(id, Duration.ZERO);

    assertThat(pod.status(id).getState()).isEqualTo(ContainerState.CONTAINER_EXITED);
    assertThat(pod.status(id).getExitCode()).isEqualTo(137);
  }

  @Test
  void containersAreRemovedInEveryState() throws Exception {
    Pod pod = criollo.pod("removed");
    String created = pod.create(Pod.container("created", TestImages.BUSYBOX, "true"));
    String running =
        pod.createAndStart(Pod.container("running", TestImages.BUSYBOX, "sleep", "1000"));
    String exited = pod.createAndStart(Pod.container("exited", TestImages.BUSYBOX, "true"));
    pod.awaitExit(exited);

    for (String id : List.of(created, running, exited)) {
      pod.remove(id);
      assertRefused(Code.NOT_FOUND, () -> pod.status(id));
      pod.remove(id);
    }
    assertThat(list(ContainerFilter.newBuilder())).isEmpty();
  }

  @Test
  void stoppingAndRemovingMayNameNoContainer() throws IOException {
    Pod pod = criollo.pod("none");

    pod.stop("nothing", Duration.ZERO);
    pod.remove("nothing");
  }

  @Test
  void onlyACreatedContainerStarts() throws IOException {
    Pod pod = criollo.pod("started");
    String id = pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "sleep", "1000"));

    assertRefused(Code.FAILED_PRECONDITION, () -> pod.start(id));
    assertThat(pod.status(id).getState()).isEqualTo(ContainerState.CONTAINER_RUNNING);
  }

  @Test
  void theListIsFilteredByPodStateAndLabel() throws IOException {
    Pod one = criollo.pod("one");
    Pod two = criollo.pod("two");
    String a =
        one.createAndStart(
            Pod.container("a", TestImages.BUSYBOX, "sleep", "1000").putLabels("tier", "x"));
    String b = two.create(Pod.container("b", TestImages.BUSYBOX, "true").putLabels("tier", "x"));
    var running = ContainerStateValue.newBuilder().setState(ContainerState.CONTAINER_RUNNING);
    var tier = ContainerFilter.newBuilder().putLabelSelector("tier", "x");

    assertThat(list(tier)).extracting(Container::getId).containsExactlyInAnyOrder(a, b);
    assertThat(list(tier.clone().setPodSandboxId(two.id())))
        .extracting(Container::getId)
        .containsExactly(b);
    assertThat(list(tier.clone().setState(running)))
        .extracting(Container::getId)
        .containsExactly(a);
  }

  private static List<Container> list(ContainerFilter.Builder filter) {
    var request = ListContainersRequest.newBuilder().setFilter(filter).build();
    return criollo.client().runtime().listContainers(request).getContainersList();
  }

  @Test
  void theImageSaysWhatIsRunAsWhomAndWhere() throws Exception {
    criollo.client().pull(TestImages.SETTINGS);
    Pod pod = criollo.pod("settings");
    pod.createAndStart(Pod.container("a", TestImages.SETTINGS));

    awaitLog(pod, "hello from /var/www as 33");
  }

  @Test
  void theRequestGoesBeforeTheImage() throws Exception {
    criollo.client().pull(TestImages.SETTINGS);
    Pod pod = criollo.pod("request");
    var config =
        Pod.container("a", TestImages.SETTINGS)
            .addArgs("echo $GREETING $(pwd)")
            .setWorkingDir("/tmp")
            .addEnvs(
                KeyValue.newBuilder().setKey("GREETING").setValue(ByteString.copyFromUtf8("bye")));
    pod.awaitExit(pod.createAndStart(config));

    assertThat(pod.log("a")).singleElement().asString().endsWith("bye /tmp");
  }

  /// Reason and code are those of containerd.
  @Test
  void aProgramThatIsNotThereIsTold() throws IOException {
    Pod pod = criollo.pod("missing");
    String id = pod.create(Pod.container("a", TestImages.BUSYBOX, "/no/such/program"));

    assertThatThrownBy(() -> pod.start(id)).hasMessageContaining("/no/such/program");

    var status = pod.status(id);
    assertThat(status.getState()).isEqualTo(ContainerState.CONTAINER_EXITED);
    assertThat(status.getReason()).isEqualTo("StartError");
    assertThat(status.getMessage()).contains("/no/such/program");
    assertThat(status.getExitCode()).isEqualTo(128);
    assertThat(status.getFinishedAt()).isGreaterThanOrEqualTo(status.getCreatedAt());
    assertThatThrownBy(() -> pod.start(id)).hasMessageContaining("is not created but exited");
  }

  @Test
  void aContainerThatIsStoppedBeforeItsStartHasEnded() throws Exception {
    Pod pod = criollo.pod("unstarted");
    String id = pod.create(Pod.container("a", TestImages.BUSYBOX, "sleep", "1000"));

    pod.stop(id, Duration.ofSeconds(5));

    var status = pod.status(id);
    assertThat(status.getState()).isEqualTo(ContainerState.CONTAINER_EXITED);
    assertThat(status.getExitCode()).isEqualTo(137);
    assertThat(status.getMessage()).isEqualTo("it was stopped before it was started");
    assertThatThrownBy(() -> pod.start(id)).hasMessageContaining("is not created but exited");
  }
}
