// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.ContainerConfig;
import io.criollo.cri.v1.ImageStatusRequest;
import io.criollo.cri.v1.ImageStatusResponse;
import io.criollo.cri.v1.ListImagesRequest;
import io.criollo.cri.v1.Mount;
import io.criollo.cri.v1.RemoveImageRequest;
import io.grpc.Status.Code;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// OCI artifacts: pulled like images, mounted like images, never run.
@AnyRuntime
class ArtifactsIT {
  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  private static ImageStatusResponse status(String reference) {
    var request =
        ImageStatusRequest.newBuilder()
            .setImage(CriClient.spec(reference))
            .setVerbose(true)
            .build();
    return criollo.client().images().imageStatus(request);
  }

  private static void remove(String reference) {
    var request = RemoveImageRequest.newBuilder().setImage(CriClient.spec(reference)).build();
    criollo.client().images().removeImage(request);
  }

  private static ContainerConfig.Builder container(String name, String subPath) {
    var mount =
        Mount.newBuilder()
            .setContainerPath("/artifact")
            .setReadonly(true)
            .setImage(CriClient.spec(TestImages.ARTIFACT))
            .setImageSubPath(subPath);
    return Pod.container(name, TestImages.BUSYBOX, "sleep", "1000").addMounts(mount);
  }

  @Test
  void itIsPulledListedShownAndRemovedLikeAnImage() {
    String id = criollo.client().pull(TestImages.ARTIFACT);

    var shown = status(TestImages.ARTIFACT);
    var image = shown.getImage();
    assertThat(image.getId()).isEqualTo(id).startsWith("sha256:");
    assertThat(image.getRepoTagsList()).containsExactly(TestImages.ARTIFACT);
    assertThat(image.getRepoDigestsList())
        .containsExactly("registry.k8s.io/criollo/artifact@" + id);
    assertThat(image.getSize()).isPositive();
    assertThat(image.getPinned()).isFalse();
    assertThat(shown.getInfoMap().get("info"))
        .contains("application/vnd.criollo.test", "artifact.txt", "sub/2", "text/plain");
    assertThat(status(image.getRepoDigests(0)).getImage()).isEqualTo(image);
    assertThat(status(id.substring("sha256:".length(), 19)).getImage()).isEqualTo(image);
    var all = criollo.client().images().listImages(ListImagesRequest.getDefaultInstance());
    assertThat(all.getImagesList()).contains(image);

    remove(TestImages.ARTIFACT);
    assertThat(status(TestImages.ARTIFACT).hasImage()).isFalse();
    remove(TestImages.ARTIFACT);
  }

  @Test
  void itsFilesAreMountedReadOnly() throws IOException {
    String id = criollo.client().pull(TestImages.ARTIFACT);
    Pod pod = criollo.pod("artifact");
    String a = pod.createAndStart(container("a", ""));

    assertThat(pod.output(a, "cat", "/artifact/artifact.txt")).isEqualTo("hello artifact");
    assertThat(pod.output(a, "cat", "/artifact/sub/2")).isEqualTo("two");
    assertThat(pod.output(a, "ls", "/artifact").lines())
        .containsExactly("artifact.sh", "artifact.txt", "sub");
    assertThat(pod.exec(a, "sh", "-c", "echo x >/artifact/artifact.txt").getStderr().toStringUtf8())
        .contains("Read-only file system");
    assertThat(pod.exec(a, "/bin/sh", "-c", "/artifact/artifact.sh").getStderr().toStringUtf8())
        .contains("Permission denied");
    assertThat(pod.status(a).getMounts(0).getImage().getImageRef()).isEqualTo(id);
  }

  @Test
  void aFolderOfItMayBeMountedAlone() throws IOException {
    criollo.client().pull(TestImages.ARTIFACT);
    Pod pod = criollo.pod("artifact-sub");
    String a = pod.createAndStart(container("a", "sub"));

    assertThat(pod.output(a, "ls", "/artifact").lines()).containsExactly("2", "3");
    for (var missing : new String[] {"not/there", "artifact.txt", "su"}) {
      Statuses.assertRefused(
          Code.FAILED_PRECONDITION,
          () -> pod.create(container("b", missing)),
          "ImageVolumeMountFailed",
          missing);
    }
  }

  @Test
  void noContainerIsMadeFromIt() throws IOException {
    criollo.client().pull(TestImages.ARTIFACT);
    Pod pod = criollo.pod("artifact-run");

    Statuses.assertRefused(
        Code.FAILED_PRECONDITION,
        () -> pod.create(Pod.container("a", TestImages.ARTIFACT, "/artifact.sh")),
        "is an artifact of type application/vnd.criollo.test",
        "only be mounted");
  }

  @Test
  void itCannotBeRemovedWhileItIsMounted() throws IOException {
    criollo.client().pull(TestImages.ARTIFACT);
    Pod pod = criollo.pod("artifact-used");
    String a = pod.createAndStart(container("a", ""));

    Statuses.assertRefused(Code.FAILED_PRECONDITION, () -> remove(TestImages.ARTIFACT));
    assertThat(pod.output(a, "cat", "/artifact/artifact.txt")).isEqualTo("hello artifact");

    pod.stop(a, Duration.ZERO);
    pod.remove(a);
    remove(TestImages.ARTIFACT);
    assertThat(status(TestImages.ARTIFACT).hasImage()).isFalse();
  }

  @Test
  void aHostileOneIsRefused() {
    // by the registry's own address: else a mirror's refusal would be followed by another one's
    var name = criollo.node().registry() + "/" + TestImages.HOSTILE_ARTIFACT;
    Statuses.assertRefused(
        Code.DATA_LOSS,
        () -> criollo.client().pull(name),
        "../../etc/passwd",
        "is no name of a file");
    assertThat(status(name).hasImage()).isFalse();
  }

  @Test
  void mountsOfArtifactsCanBeForbidden() throws Exception {
    criollo.client().pull(TestImages.ARTIFACT);
    criollo.restart("--oci-artifact-mount-support=false");
    Pod pod = criollo.pod("artifact-forbidden");

    Statuses.assertRefused(
        Code.FAILED_PRECONDITION,
        () -> pod.create(container("a", "")),
        "ImageVolumeMountFailed",
        "oci_artifact_mount_support");
  }
}
