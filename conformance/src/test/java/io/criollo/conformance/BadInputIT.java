// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static io.criollo.conformance.Statuses.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.CheckpointContainerRequest;
import io.criollo.cri.v1.CheckpointPodRequest;
import io.criollo.cri.v1.ContainerConfig;
import io.criollo.cri.v1.LinuxContainerConfig;
import io.criollo.cri.v1.LinuxContainerResources;
import io.criollo.cri.v1.Mount;
import io.criollo.cri.v1.PodSandboxConfig;
import io.criollo.cri.v1.RestorePodRequest;
import io.criollo.cri.v1.RunPodSandboxRequest;
import io.grpc.Status.Code;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What is refused, with which code; and that a refusal leaves nothing (see [CriolloNode]).
class BadInputIT {
  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  private static void assertInvalid(PodSandboxConfig config) {
    assertRefused(Code.INVALID_ARGUMENT, () -> criollo.run(config));
  }

  @Test
  void aPodNeedsAName() throws IOException {
    PodSandboxConfig good = criollo.config("name").build();

    assertInvalid(good.toBuilder().clearMetadata().build());
    assertInvalid(good.toBuilder().setMetadata(good.getMetadata().toBuilder().clearName()).build());
    assertRefused(
        Code.INVALID_ARGUMENT,
        () -> criollo.client().runtime().runPodSandbox(RunPodSandboxRequest.getDefaultInstance()));
  }

  @Test
  void aHostNameMustBeOne() throws IOException {
    assertInvalid(criollo.config("host").setHostname("x".repeat(65)).build());
    assertInvalid(criollo.config("host").setHostname("a\nb").build());
  }

  @Test
  void anUnknownPodIsNotFound() throws IOException {
    Pod pod = criollo.pod("gone");
    pod.remove();

    assertRefused(
        Code.NOT_FOUND, () -> pod.create(Pod.container("a", TestImages.BUSYBOX)), pod.id());
  }

  @Test
  void aStoppedPodTakesNoContainer() throws IOException {
    Pod pod = criollo.pod("stopped");
    pod.stop();

    assertRefused(
        Code.FAILED_PRECONDITION, () -> pod.create(Pod.container("a", TestImages.BUSYBOX)));
  }

  @Test
  void anImageThatIsNotThereIsNotFound() throws IOException {
    Pod pod = criollo.pod("image");

    assertRefused(
        Code.NOT_FOUND,
        () -> pod.create(Pod.container("a", "registry.k8s.io/criollo/none:1")),
        "registry.k8s.io/criollo/none:1");
  }

  @Test
  void aContainerNeedsANameAndAnImage() throws IOException {
    Pod pod = criollo.pod("container");

    assertRefused(Code.INVALID_ARGUMENT, () -> pod.create(ContainerConfig.newBuilder()));
    assertRefused(
        Code.INVALID_ARGUMENT,
        () -> pod.create(Pod.container("a", TestImages.BUSYBOX).clearMetadata()));
  }

  @Test
  void pathsThatLeaveTheirPlaceAreInvalid() throws IOException {
    Pod pod = criollo.pod("paths");

    assertRefused(
        Code.INVALID_ARGUMENT,
        () -> pod.create(Pod.container("a", TestImages.BUSYBOX).setLogPath("../../../tmp/x.log")));
    assertRefused(
        Code.INVALID_ARGUMENT,
        () ->
            pod.create(
                Pod.container("b", TestImages.BUSYBOX)
                    .addMounts(Mount.newBuilder().setHostPath("relative").setContainerPath("/x"))));
  }

  @Test
  void numbersThatNoKernelTakesAreRefused() throws IOException {
    Pod pod = criollo.pod("numbers");
    var limits = LinuxContainerResources.newBuilder().setMemoryLimitInBytes(-5);

    assertRefused(
        Code.INVALID_ARGUMENT,
        () ->
            pod.create(
                Pod.container("a", TestImages.BUSYBOX)
                    .setLinux(LinuxContainerConfig.newBuilder().setResources(limits))));
  }

  @Test
  void checkpointsAreNotOffered() {
    var runtime = criollo.client().runtime();
    assertRefused(
        Code.UNIMPLEMENTED,
        () -> runtime.checkpointContainer(CheckpointContainerRequest.getDefaultInstance()));
    assertRefused(
        Code.UNIMPLEMENTED, () -> runtime.checkpointPod(CheckpointPodRequest.getDefaultInstance()));
    assertRefused(
        Code.UNIMPLEMENTED, () -> runtime.restorePod(RestorePodRequest.getDefaultInstance()));
  }

  @Test
  void aNameIsFreeAfterAFailedAttempt() throws IOException {
    Pod pod = criollo.pod("again");
    var broken = Pod.container("a", "registry.k8s.io/criollo/none:1");
    assertRefused(Code.NOT_FOUND, () -> pod.create(broken));

    assertThat(pod.create(Pod.container("a", TestImages.BUSYBOX, "true"))).isNotEmpty();
  }
}
