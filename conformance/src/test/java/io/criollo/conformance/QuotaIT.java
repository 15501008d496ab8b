// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.ContainerStatsRequest;
import io.criollo.cri.v1.FilesystemUsage;
import io.criollo.cri.v1.ImageFsInfoRequest;
import io.criollo.cri.v1.ImageFsInfoResponse;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// A daemon whose containers are on a file system of their own with project quotas.
@ParameterizedClass
@EnumSource
@AnyRuntime
class QuotaIT {
  private static final long LIMIT = 8L << 20;

  enum Disk {
    XFS("No space left on device", "mkfs.xfs -q -f"),
    EXT4("Disk quota exceeded", "mkfs.ext4 -q -F -O project,quota");

    private final String overLimit;
    private final String mkfs;

    Disk(String overLimit, String mkfs) {
      this.overLimit = overLimit;
      this.mkfs = mkfs;
    }
  }

  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();
  @TempDir Path folder;
  private final Disk type;
  private Path disk;

  QuotaIT(Disk type) {
    this.type = type;
  }

  @BeforeEach
  void start() throws Exception {
    disk = Files.createDirectory(folder.resolve("disk"));
    var image = folder.resolve("disk.img");
    try (var file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(512L << 20);
    }
    Command.run((type.mkfs + " " + image).split(" ", -1));
    Command.run("mount", "-o", "loop,prjquota", image.toString(), disk.toString());
    criollo.restart(
        "--root=" + disk.resolve("root"),
        "--imagestore=" + criollo.node().root(),
        "--storage-opt=overlay.size=8M");
  }

  @AfterEach
  void stop() throws Exception {
    criollo.removeAllPods();
    criollo.daemon().close();
    Command.run("umount", disk.toString());
    criollo.startAgain();
  }

  private static FilesystemUsage layer(String id) {
    var request = ContainerStatsRequest.newBuilder().setContainerId(id).build();
    return criollo.client().runtime().containerStats(request).getStats().getWritableLayer();
  }

  private static ImageFsInfoResponse info() {
    return criollo.client().images().imageFsInfo(ImageFsInfoRequest.getDefaultInstance());
  }

  @Test
  void aContainerThatWritesTooMuchIsTheOnlyOneThatIsStopped() throws Exception {
    Pod pod = criollo.pod("quota");
    String greedy = pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "sleep", "1000"));
    String other = pod.createAndStart(Pod.container("b", TestImages.BUSYBOX, "sleep", "1000"));
    long before = layer(greedy).getUsedBytes().getValue();

    var written = pod.exec(greedy, "dd", "if=/dev/zero", "of=/much", "bs=64k", "count=1024");
    assertThat(written.getExitCode()).isNotZero();
    assertThat(written.getStderr().toStringUtf8()).contains(type.overLimit);
    assertThat(layer(greedy).getUsedBytes().getValue()).isBetween(before + LIMIT * 3 / 4, LIMIT);
    assertThat(
            pod.exec(other, "dd", "if=/dev/zero", "of=/some", "bs=64k", "count=64").getExitCode())
        .isZero();
    assertThat(pod.output(other, "sh", "-c", "df -k / | tail -1")).contains(" 8192 ");

    pod.exec(greedy, "rm", "/much");
    Patience.await(
        "the space is free again",
        Duration.ofSeconds(60),
        () -> layer(greedy).getUsedBytes().getValue() < LIMIT / 4);
    pod.stop(greedy, Duration.ZERO);
    pod.remove(greedy);
    String next = pod.createAndStart(Pod.container("c", TestImages.BUSYBOX, "sleep", "1000"));
    assertThat(layer(next).getUsedBytes().getValue()).isLessThan(LIMIT / 4);
  }

  @Test
  void theFileSystemsOfImagesAndContainersAreToldApart() throws Exception {
    Pod pod = criollo.pod("split");
    String id = pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "sleep", "1000"));
    var images = info().getImageFilesystems(0);
    var containers = info().getContainerFilesystems(0);

    assertThat(images.getFsId().getMountpoint())
        .isEqualTo(criollo.node().root().resolve("images").toString());
    assertThat(containers.getFsId().getMountpoint())
        .isEqualTo(disk.resolve("root/containers").toString());
    assertThat(layer(id).getFsId()).isEqualTo(containers.getFsId());
    pod.exec(id, "dd", "if=/dev/zero", "of=/some", "bs=64k", "count=64");
    assertThat(
            info().getContainerFilesystems(0).getUsedBytes().getValue()
                - containers.getUsedBytes().getValue())
        .isGreaterThanOrEqualTo(4 << 20);
    assertThat(info().getImageFilesystems(0).getUsedBytes()).isEqualTo(images.getUsedBytes());
  }
}
