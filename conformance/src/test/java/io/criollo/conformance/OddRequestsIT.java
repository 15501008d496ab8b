// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static io.criollo.conformance.Statuses.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.AuthConfig;
import io.criollo.cri.v1.ContainerConfig;
import io.criollo.cri.v1.ContainerFilter;
import io.criollo.cri.v1.ContainerStatsRequest;
import io.criollo.cri.v1.ContainerStatusRequest;
import io.criollo.cri.v1.CreateContainerRequest;
import io.criollo.cri.v1.ImageStatusRequest;
import io.criollo.cri.v1.LinuxContainerConfig;
import io.criollo.cri.v1.LinuxContainerSecurityContext;
import io.criollo.cri.v1.ListContainersRequest;
import io.criollo.cri.v1.ListPodSandboxRequest;
import io.criollo.cri.v1.NamespaceMode;
import io.criollo.cri.v1.NamespaceOption;
import io.criollo.cri.v1.PodSandboxFilter;
import io.criollo.cri.v1.PodSandboxStatusRequest;
import io.criollo.cri.v1.PullImageRequest;
import io.criollo.cri.v1.RemoveContainerRequest;
import io.criollo.cri.v1.RemoveImageRequest;
import io.criollo.cri.v1.RemovePodSandboxRequest;
import io.criollo.cri.v1.ReopenContainerLogRequest;
import io.criollo.cri.v1.StartContainerRequest;
import io.criollo.cri.v1.StopContainerRequest;
import io.criollo.cri.v1.StopPodSandboxRequest;
import io.grpc.Status.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests that are not wrong in a field, but do not fit what there is; and the values at the
/// edges.
class OddRequestsIT {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String NOBODY = "0123456789abcdef".repeat(4);

  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  private static ContainerConfig.Builder sleeper(String name) {
    return Pod.container(name, TestImages.BUSYBOX, "sleep", "1000");
  }

  @Test
  void aPodOfTheSameNameIsTheSamePodWhateverElseIsAsked() throws IOException {
    var config = criollo.config("same");
    Pod first = criollo.run(config.build());
    Pod second = criollo.run(config.putLabels("other", "config").build());

    assertThat(second.id()).isEqualTo(first.id());
    assertThat(second.status().getLabelsMap()).doesNotContainKey("other");
  }

  @Test
  void onlyAContainerOfThePodCanBeATarget() throws IOException {
    Pod pod = criollo.pod("target");
    String foreign = criollo.pod("foreign").createAndStart(sleeper("a"));

    assertRefused(Code.NOT_FOUND, () -> pod.create(beside(NOBODY)), NOBODY);
    assertRefused(Code.INVALID_ARGUMENT, () -> pod.create(beside(foreign)), foreign);
  }

  private static ContainerConfig.Builder beside(String target) {
    var namespaces = NamespaceOption.newBuilder().setPid(NamespaceMode.TARGET).setTargetId(target);
    return sleeper("beside")
        .setLinux(
            LinuxContainerConfig.newBuilder()
                .setSecurityContext(
                    LinuxContainerSecurityContext.newBuilder().setNamespaceOptions(namespaces)));
  }

  @Test
  void withoutANetworkNoPodIsMade() throws IOException {
    Path network = criollo.node().networks().resolve("10-criollo.conflist");
    Path away = network.resolveSibling("away");
    var config = criollo.config("offline").build();
    Files.move(network, away);
    try {
      assertRefused(Code.UNAVAILABLE, () -> criollo.run(config), "NetworkPluginNotReady");
    } finally {
      Files.move(away, network);
    }
    assertThat(criollo.run(config).ip()).isNotEmpty();
  }

  @Test
  void aContainerNeedsItsPodsConfiguration() throws IOException {
    Pod pod = criollo.pod("alone");
    var request =
        CreateContainerRequest.newBuilder().setPodSandboxId(pod.id()).setConfig(sleeper("a"));

    assertRefused(
        Code.INVALID_ARGUMENT,
        () -> criollo.client().runtime().createContainer(request.build()),
        "sandbox_config");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UPPER", "a:b:c", "busybox@sha256:12", "../../etc/passwd"})
  void whatIsNoNameOfAnImageIsInvalid(String image) throws IOException {
    Pod pod = criollo.pod("image");
    assertRefused(Code.INVALID_ARGUMENT, () -> pod.create(Pod.container("a", image)));
    assertRefused(Code.INVALID_ARGUMENT, () -> pod.create(Pod.container("a", image.repeat(2000))));
  }

  @Test
  void anImageForAnotherProcessorIsNotRun() throws IOException {
    criollo.client().pull(TestImages.FOREIGN);
    Pod pod = criollo.pod("processor");

    assertRefused(
        Code.FAILED_PRECONDITION,
        () -> pod.create(Pod.container("a", TestImages.FOREIGN, "/other")),
        TestImages.FOREIGN);
  }

  @Test
  void aContainerOfAStoppedPodIsNotStarted() throws IOException {
    Pod pod = criollo.pod("late");
    String id = pod.create(sleeper("a"));
    pod.stop();

    assertRefused(Code.FAILED_PRECONDITION, () -> pod.start(id), pod.id());
    assertRefused(
        Code.FAILED_PRECONDITION, () -> criollo.client().forwardUrl(pod.id(), 80), pod.id());
  }

  @Test
  void anEmptyIdIsInvalid() {
    var runtime = criollo.client().runtime();
    assertRefused(
        Code.INVALID_ARGUMENT,
        () -> runtime.stopPodSandbox(StopPodSandboxRequest.getDefaultInstance()));
    assertRefused(
        Code.INVALID_ARGUMENT,
        () -> runtime.removePodSandbox(RemovePodSandboxRequest.getDefaultInstance()));
    assertRefused(
        Code.INVALID_ARGUMENT,
        () -> runtime.podSandboxStatus(PodSandboxStatusRequest.getDefaultInstance()));
    assertRefused(
        Code.INVALID_ARGUMENT,
        () -> runtime.startContainer(StartContainerRequest.getDefaultInstance()));
    assertRefused(
        Code.INVALID_ARGUMENT,
        () -> runtime.stopContainer(StopContainerRequest.getDefaultInstance()));
    assertRefused(
        Code.INVALID_ARGUMENT,
        () -> runtime.removeContainer(RemoveContainerRequest.getDefaultInstance()));
    assertRefused(
        Code.INVALID_ARGUMENT,
        () -> runtime.containerStatus(ContainerStatusRequest.getDefaultInstance()));
  }

  @Test
  void timesAtTheEdgesArePossible() throws Exception {
    Pod pod = criollo.pod("edges");
    String stubborn = pod.createAndStart(sleeper("stubborn"));
    stop(stubborn, -1);
    assertThat(pod.status(stubborn).getExitCode()).isEqualTo(137);

    String script = "trap 'exit 3' TERM; echo ready; while :; do usleep 20000; done";
    String obedient =
        pod.createAndStart(Pod.container("obedient", TestImages.BUSYBOX, "sh", "-c", script));
    Patience.await("it is ready", LONG, () -> !pod.log("obedient").isEmpty());
    stop(obedient, 1L << 62);
    assertThat(pod.status(obedient).getExitCode()).isEqualTo(3);
  }

  private static void stop(String id, long seconds) {
    var _ =
        criollo
            .client()
            .runtime()
            .stopContainer(
                StopContainerRequest.newBuilder().setContainerId(id).setTimeout(seconds).build());
  }

  @Test
  void whatIsUnknownIsNotFound() {
    var runtime = criollo.client().runtime();
    assertRefused(
        Code.NOT_FOUND,
        () ->
            runtime.containerStats(
                ContainerStatsRequest.newBuilder().setContainerId(NOBODY).build()),
        NOBODY);
    assertRefused(
        Code.NOT_FOUND,
        () ->
            runtime.reopenContainerLog(
                ReopenContainerLogRequest.newBuilder().setContainerId(NOBODY).build()),
        NOBODY);
  }

  @Test
  void aFilterThatFitsNothingFindsNothing() throws IOException {
    Pod pod = criollo.pod("filter");
    pod.create(sleeper("a"));
    for (var id : new String[] {NOBODY, "../../etc", "zz", "x".repeat(10_000)}) {
      assertThat(pods(PodSandboxFilter.newBuilder().setId(id))).isZero();
      assertThat(containers(ContainerFilter.newBuilder().setId(id))).isZero();
      assertThat(containers(ContainerFilter.newBuilder().setPodSandboxId(id))).isZero();
    }
  }

  private static int pods(PodSandboxFilter.Builder filter) {
    var request = ListPodSandboxRequest.newBuilder().setFilter(filter).build();
    return criollo.client().runtime().listPodSandbox(request).getItemsCount();
  }

  private static int containers(ContainerFilter.Builder filter) {
    var request = ListContainersRequest.newBuilder().setFilter(filter).build();
    return criollo.client().runtime().listContainers(request).getContainersCount();
  }

  @Test
  void aMissingCommandIsToldInTheRuntimesWords() throws IOException {
    Pod pod = criollo.pod("command");
    String id = pod.createAndStart(sleeper("a"));
    assertRefused(Code.UNKNOWN, () -> pod.exec(id, "/no/such/program"), "/no/such/program");
  }

  @Test
  void imagesNeedANameAndCredentialsAForm() {
    var images = criollo.client().images();
    assertRefused(
        Code.INVALID_ARGUMENT, () -> images.imageStatus(ImageStatusRequest.getDefaultInstance()));
    assertRefused(
        Code.INVALID_ARGUMENT, () -> images.removeImage(RemoveImageRequest.getDefaultInstance()));
    var pull = PullImageRequest.newBuilder().setImage(CriClient.spec(TestImages.BUSYBOX));
    assertRefused(
        Code.INVALID_ARGUMENT,
        () -> images.pullImage(pull.setAuth(AuthConfig.newBuilder().setAuth("%%%")).build()));
  }
}
