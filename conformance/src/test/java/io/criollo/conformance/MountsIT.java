// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.Mount;
import io.criollo.cri.v1.MountPropagation;
import io.criollo.cri.v1.RemoveImageRequest;
import io.grpc.Status.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class MountsIT {
  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  @Test
  void anImageIsAReadOnlyVolume() throws Exception {
    Pod pod = criollo.pod("image-volume");
    String a =
        pod.createAndStart(
            Pod.container("a", TestImages.BUSYBOX, "sleep", "1000")
                .addMounts(image(TestImages.WEB).setContainerPath("/web"))
                .addMounts(
                    image(TestImages.BUSYBOX).setContainerPath("/etc2").setImageSubPath("etc")));

    assertThat(pod.output(a, "/web/bin/busybox", "echo", "runs")).isEqualTo("runs");
    assertThat(pod.exec(a, "touch", "/web/new").getExitCode()).isNotZero();
    assertThat(pod.output(a, "ls", "/etc2")).contains("passwd");
    assertThat(pod.status(a).getMountsList())
        .allSatisfy(mount -> assertThat(mount.getHostPath()).isEmpty())
        .extracting(mount -> mount.getImage().getImageRef())
        .contains(pod.status(a).getImageId());
  }

  @Test
  void anImageThatIsMountedCannotBeRemoved() throws Exception {
    criollo.client().pull(TestImages.LAYERS);
    Pod pod = criollo.pod("image-in-use");
    String a =
        pod.createAndStart(
            Pod.container("a", TestImages.BUSYBOX, "sleep", "1000")
                .addMounts(image(TestImages.LAYERS)));
    var remove =
        RemoveImageRequest.newBuilder().setImage(CriClient.spec(TestImages.LAYERS)).build();

    Statuses.assertRefused(
        Code.FAILED_PRECONDITION,
        () -> criollo.client().images().removeImage(remove),
        "used by a container");

    pod.stop(a, Duration.ZERO);
    pod.remove(a);
    criollo.client().images().removeImage(remove);
  }

  @Test
  void anImageVolumeThatCannotBeIsRefused() throws Exception {
    Pod pod = criollo.pod("image-refused");

    refused(Code.INVALID_ARGUMENT, pod, image(TestImages.BUSYBOX).setReadonly(false), "readonly");
    refused(Code.NOT_FOUND, pod, image("docker.io/no/such:1"), "ImageVolumeMountFailed");
    refused(
        Code.FAILED_PRECONDITION,
        pod,
        image(TestImages.BUSYBOX).setImageSubPath("not/there"),
        "ImageVolumeMountFailed");
  }

  private static void refused(Code code, Pod pod, Mount.Builder mount, String word) {
    var container = Pod.container("refused", TestImages.BUSYBOX, "true").addMounts(mount);
    Statuses.assertRefused(code, () -> pod.create(container), word);
  }

  private static Mount.Builder image(String name) {
    return Mount.newBuilder()
        .setContainerPath("/image")
        .setReadonly(true)
        .setImage(CriClient.spec(name));
  }

  @Test
  void whatIsMountedBelowARecursivelyReadOnlyVolumeIsReadOnlyToo() throws Exception {
    assumeTrue(criollo.features().getRecursiveReadOnlyMounts(), "a runtime that knows rro");
    Path volume = volumeWithMount("recursive");
    try {
      Pod pod = criollo.pod("recursive");
      var mount = Mount.newBuilder().setHostPath(volume.toString()).setReadonly(true);
      String a =
          pod.createAndStart(
              Pod.container("a", TestImages.BUSYBOX, "sleep", "1000")
                  .addMounts(mount.clone().setContainerPath("/plain"))
                  .addMounts(mount.clone().setContainerPath("/all").setRecursiveReadOnly(true)));

      assertThat(pod.exec(a, "touch", "/plain/below/f").getExitCode()).isZero();
      assertThat(pod.exec(a, "touch", "/all/below/f").getStderr().toStringUtf8())
          .contains("Read-only file system");
      refused(
          Code.INVALID_ARGUMENT,
          pod,
          mount
              .clone()
              .setContainerPath("/shared")
              .setRecursiveReadOnly(true)
              .setPropagation(MountPropagation.PROPAGATION_BIDIRECTIONAL),
          "recursive_read_only");
      refused(
          Code.INVALID_ARGUMENT,
          pod,
          mount.clone().setContainerPath("/rw").setReadonly(false).setRecursiveReadOnly(true),
          "recursive_read_only");
      pod.remove();
    } finally {
      Command.run("umount", volume.resolve("below").toString());
    }
  }

  private static Path volumeWithMount(String name) throws IOException, InterruptedException {
    Path volume = Files.createDirectories(criollo.node().logs().resolve(name));
    Path below = Files.createDirectory(volume.resolve("below"));
    Command.run("mount", "-t", "tmpfs", "tmpfs", below.toString());
    return volume;
  }

  @Test
  void aMountHasTheOptionsThatWereAskedFor() throws Exception {
    Path volume = Files.createDirectories(criollo.node().logs().resolve("options"));
    Pod pod = criollo.pod("options");
    var mount =
        Mount.newBuilder()
            .setContainerPath("/v")
            .setHostPath(volume.toString())
            .addMountOptions("noexec");
    String id =
        pod.createAndStart(
            Pod.container("a", TestImages.BUSYBOX, "sleep", "1000").addMounts(mount));

    pod.output(id, "cp", "/bin/busybox", "/v/true");
    assertThat(pod.exec(id, "sh", "-c", "/v/true").getExitCode()).isEqualTo(126);
    assertThat(pod.output(id, "grep", " /v ", "/proc/self/mounts")).contains("noexec");
  }

  @Test
  void aHostPathMayBeALinkOrMissing() throws Exception {
    Path folder = Files.createDirectories(criollo.node().logs().resolve("paths"));
    Files.writeString(Files.createDirectory(folder.resolve("real")).resolve("f"), "x");
    Files.createSymbolicLink(folder.resolve("link"), Path.of("real"));
    Pod pod = criollo.pod("paths");
    String a =
        pod.createAndStart(
            Pod.container("a", TestImages.BUSYBOX, "sleep", "1000")
                .addMounts(
                    Mount.newBuilder()
                        .setContainerPath("/link")
                        .setHostPath(folder.resolve("link").toString()))
                .addMounts(
                    Mount.newBuilder()
                        .setContainerPath("/made")
                        .setHostPath(folder.resolve("not/there").toString())));

    assertThat(pod.output(a, "cat", "/link/f")).isEqualTo("x");
    assertThat(folder.resolve("not/there")).isDirectory();
  }
}
