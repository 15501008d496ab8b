// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static io.criollo.conformance.Statuses.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.AttachRequest;
import io.criollo.cri.v1.ContainerFilter;
import io.criollo.cri.v1.ContainerState;
import io.criollo.cri.v1.ContainerStatusRequest;
import io.criollo.cri.v1.ExecRequest;
import io.criollo.cri.v1.ExecSyncRequest;
import io.criollo.cri.v1.LinuxContainerConfig;
import io.criollo.cri.v1.LinuxContainerResources;
import io.criollo.cri.v1.ListContainersRequest;
import io.criollo.cri.v1.ListPodSandboxRequest;
import io.criollo.cri.v1.NamespaceMode;
import io.criollo.cri.v1.PodSandboxStatusRequest;
import io.criollo.cri.v1.ReopenContainerLogRequest;
import io.criollo.cri.v1.RunPodSandboxRequest;
import io.criollo.cri.v1.RuntimeHandler;
import io.criollo.cri.v1.Signal;
import io.criollo.cri.v1.StatusRequest;
import io.grpc.Status;
import io.grpc.Status.Code;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What a kubelet relies on and no other test looks at.
class KubeletIT {
  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  private static final String NOBODY = "0123456789abcdef";

  @Test
  void aStatusHoldsAllThatAKubeletVerifies() throws Exception {
    Pod pod = criollo.pod("status");
    String id = pod.create(Pod.container("a", TestImages.BUSYBOX, "sh", "-c", "exit 3"));

    var created = pod.status(id);
    assertThat(created.getCreatedAt()).isPositive();
    assertThat(created.getStartedAt()).isZero();
    assertThat(created.getFinishedAt()).isZero();
    assertThat(created.getMetadata().getName()).isEqualTo("a");
    assertThat(created.getImage().getImage()).isNotEmpty();
    assertThat(created.getImageRef()).isNotEmpty();
    assertThat(created.getLogPath())
        .isEqualTo(Path.of(pod.config().getLogDirectory(), "a.log").toString());
    pod.start(id);
    var ended = pod.awaitExit(id);

    assertThat(ended.getReason()).isEqualTo("Error");
    assertThat(ended.getStartedAt()).isGreaterThanOrEqualTo(ended.getCreatedAt());
    assertThat(ended.getFinishedAt()).isGreaterThanOrEqualTo(ended.getStartedAt());
    assertThat(ended.getLabelsMap()).isEqualTo(created.getLabelsMap());
    assertThat(pod.status().getLinux().getNamespaces().getOptions().getNetwork())
        .isEqualTo(NamespaceMode.POD);
  }

  @Test
  void whatIsUnknownIsNotFound() {
    var runtime = criollo.client().runtime();
    assertRefused(
        Code.NOT_FOUND,
        () ->
            runtime.podSandboxStatus(
                PodSandboxStatusRequest.newBuilder().setPodSandboxId(NOBODY).build()));
    assertRefused(
        Code.NOT_FOUND,
        () ->
            runtime.containerStatus(
                ContainerStatusRequest.newBuilder().setContainerId(NOBODY).build()));
    assertRefused(
        Code.NOT_FOUND,
        () ->
            runtime.execSync(
                ExecSyncRequest.newBuilder().setContainerId(NOBODY).addCmd("true").build()));
    assertRefused(
        Code.NOT_FOUND,
        () ->
            runtime.exec(
                ExecRequest.newBuilder()
                    .setContainerId(NOBODY)
                    .addCmd("true")
                    .setStdout(true)
                    .build()));
    assertRefused(
        Code.NOT_FOUND,
        () ->
            runtime.attach(
                AttachRequest.newBuilder().setContainerId(NOBODY).setStdout(true).build()));
  }

  @Test
  void theBeginningOfAnIdIsEnough() throws IOException {
    Pod pod = criollo.pod("prefix");
    String id = pod.create(Pod.container("a", TestImages.BUSYBOX, "true"));

    assertThat(pod.status(id.substring(0, 12)).getId()).isEqualTo(id);
    var filter =
        ContainerFilter.newBuilder()
            .setId(id.substring(0, 12))
            .setPodSandboxId(pod.id().substring(0, 12));
    assertThat(
            criollo
                .client()
                .runtime()
                .listContainers(ListContainersRequest.newBuilder().setFilter(filter).build())
                .getContainersList())
        .hasSize(1);
  }

  @Test
  void aRequestWhoseSenderHasLeftIsFinishedAndFoundByTheNextOne() throws Exception {
    var config = criollo.config("hasty").build();
    PodCgroup.make(config.getLinux().getCgroupParent());
    var request = RunPodSandboxRequest.newBuilder().setConfig(config).build();
    var failure =
        Assertions.catchThrowable(
            () -> criollo.client().runtime(Duration.ofMillis(20)).runPodSandbox(request));
    assertThat(Status.fromThrowable(failure).getCode()).isEqualTo(Code.DEADLINE_EXCEEDED);

    String id = criollo.client().runtime().runPodSandbox(request).getPodSandboxId();

    assertThat(
            criollo
                .client()
                .runtime()
                .listPodSandbox(ListPodSandboxRequest.getDefaultInstance())
                .getItemsList())
        .singleElement()
        .satisfies(one -> assertThat(one.getId()).isEqualTo(id));
  }

  @Test
  void theSameContainerTwiceIsOneContainer() throws IOException {
    Pod pod = criollo.pod("twice");
    var config = Pod.container("a", TestImages.BUSYBOX, "true");

    assertThat(pod.create(config)).isEqualTo(pod.create(config));
    config.getMetadataBuilder().setAttempt(1);
    String next = pod.create(config);
    assertThat(pod.status(next).getMetadata().getAttempt()).isEqualTo(1);
  }

  @Test
  void aChildThatIsKilledForWantOfMemoryIsTold() throws Exception {
    Pod pod = criollo.pod("child");
    var limits =
        LinuxContainerResources.newBuilder()
            .setMemoryLimitInBytes(16L << 20)
            .setMemorySwapLimitInBytes(16L << 20);
    String id =
        pod.createAndStart(
            Pod.container(
                    "a",
                    TestImages.BUSYBOX,
                    "sh",
                    "-c",
                    "dd if=/dev/zero of=/dev/null bs=64M; exit 5")
                .setLinux(LinuxContainerConfig.newBuilder().setResources(limits)));

    assertThat(pod.awaitExit(id).getReason()).isEqualTo("OOMKilled");
  }

  @Test
  void theSignalOfTheRequestAsksTheContainerToEnd() throws Exception {
    Pod pod = criollo.pod("signal");
    String id =
        pod.createAndStart(
            Pod.container(
                    "a",
                    TestImages.BUSYBOX,
                    "sh",
                    "-c",
                    "trap 'exit 7' USR1; echo ready; while :; do usleep 20000; done")
                .setStopSignal(Signal.SIGNAL_SIGUSR1));
    Patience.await("the trap is set", Duration.ofSeconds(60), () -> !pod.log("a").isEmpty());

    pod.stop(id, Duration.ofSeconds(100));

    assertThat(pod.status(id).getExitCode()).isEqualTo(7);
    assertThat(pod.status(id).getStopSignal()).isEqualTo(Signal.SIGNAL_SIGUSR1);
  }

  @Test
  void whileAContainerEndsItCanBeEnteredAndALaterStopHurriesIt() throws Exception {
    Pod pod = criollo.pod("grace");
    String id =
        pod.createAndStart(
            Pod.container(
                "a",
                TestImages.BUSYBOX,
                "sh",
                "-c",
                "trap '' TERM; while :; do usleep 20000; done"));
    long begin = System.nanoTime();
    var patient = Thread.ofVirtual().start(() -> pod.stop(id, Duration.ofSeconds(100)));

    assertThat(pod.output(id, "echo", "still here")).isEqualTo("still here");
    pod.stop(id, Duration.ofSeconds(1));
    patient.join();

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(90));
    assertThat(pod.status(id).getState()).isEqualTo(ContainerState.CONTAINER_EXITED);
    Assertions.assertThatThrownBy(() -> pod.exec(id, "true")).isNotNull();
  }

  @Test
  void theLogOfAnEndedContainerIsNotMadeAnew() throws Exception {
    Pod pod = criollo.pod("log");
    String id = pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "true"));
    pod.awaitExit(id);
    var log = Path.of(pod.status(id).getLogPath());
    java.nio.file.Files.delete(log);

    assertRefused(
        Code.FAILED_PRECONDITION,
        () ->
            criollo
                .client()
                .runtime()
                .reopenContainerLog(
                    ReopenContainerLogRequest.newBuilder().setContainerId(id).build()));
    assertThat(log).doesNotExist();
  }

  @Test
  void everyRuntimeHandlerIsNamedTheDefaultOneByNothing() {
    assertThat(
            criollo
                .client()
                .runtime()
                .status(StatusRequest.getDefaultInstance())
                .getRuntimeHandlersList())
        .extracting(RuntimeHandler::getName)
        .contains("", "crun", "runc");
  }

  @Test
  void aParentCgroupOfTheOtherDriverIsRefused() throws IOException {
    var config = criollo.config("slice");
    config.getLinuxBuilder().setCgroupParent("kubepods-burstable.slice");
    var request = RunPodSandboxRequest.newBuilder().setConfig(config).build();

    assertRefused(
        Code.INVALID_ARGUMENT,
        () -> criollo.client().runtime().runPodSandbox(request),
        "cgroup_parent",
        "cgroupfs");
  }

  @Test
  void containersOfAPodShareItsMemoryFileSystem() throws IOException {
    Pod pod = criollo.pod("shm");
    String a = pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "sleep", "1000"));
    String b = pod.createAndStart(Pod.container("b", TestImages.BUSYBOX, "sleep", "1000"));

    pod.exec(a, "sh", "-c", "echo shared >/dev/shm/file");

    assertThat(pod.output(b, "cat", "/dev/shm/file")).isEqualTo("shared");
    assertThat(pod.output(b, "sh", "-c", "df -k /dev/shm | tail -1")).contains("65536");
    assertThat(pod.output(b, "sh", "-c", "echo $HOSTNAME")).isEqualTo("shm");
  }

  @Test
  void aPodWithoutAHostnameHasOneThatIsTheSameEverywhere() throws IOException {
    Pod pod = criollo.run(criollo.config("nameless").clearHostname().build());
    String id = pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "sleep", "1000"));

    String name = pod.output(id, "hostname");
    assertThat(pod.id()).startsWith(name);
    assertThat(pod.output(id, "sh", "-c", "echo $HOSTNAME")).isEqualTo(name);
    assertThat(pod.output(id, "cat", "/etc/hostname")).isEqualTo(name);
  }
}
