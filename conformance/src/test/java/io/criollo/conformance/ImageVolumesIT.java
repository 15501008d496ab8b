// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.ContainerConfig;
import io.criollo.cri.v1.ContainerStatsRequest;
import io.criollo.cri.v1.IDMapping;
import io.criollo.cri.v1.Mount;
import io.criollo.cri.v1.NamespaceMode;
import io.criollo.cri.v1.NamespaceOption;
import io.criollo.cri.v1.UserNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The `VOLUME`s of an image, in CRI-O's three modes.
class ImageVolumesIT {
  private static final int WRITTEN = 1 << 20;

  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  @BeforeAll
  static void pullTheImage() {
    criollo.client().pull(TestImages.VOLUMES);
  }

  private static ContainerConfig.Builder container(String name) {
    return Pod.container(name, TestImages.VOLUMES, "sleep", "1000");
  }

  private static String listed(Pod pod, String container, String path) {
    return pod.output(container, "stat", "-c", "%a %u", path);
  }

  @Test
  void byDefaultThoseThatAreMissingAreMadeInTheContainersTree() throws Exception {
    Pod pod = criollo.pod("volumes-mkdir");
    String a = pod.createAndStart(container("a"));

    assertThat(pod.output(a, "cat", "/data/given")).isEqualTo("of the image");
    assertThat(listed(pod, a, "/new/deep")).isEqualTo("755 33");
    assertThat(pod.exec(a, "touch", "/new/deep/f").getExitCode()).isZero();
    assertThat(pod.output(a, "cat", "/proc/self/mountinfo")).doesNotContain(" /data ", "/new");
  }

  @Test
  void ignoreMakesNothing() throws Exception {
    criollo.restart("--image-volumes=ignore");
    Pod pod = criollo.pod("volumes-ignore");
    String a = pod.createAndStart(container("a"));

    assertThat(pod.output(a, "cat", "/data/given")).isEqualTo("of the image");
    assertThat(pod.exec(a, "ls", "/new").getExitCode()).isNotZero();
  }

  @Test
  void bindMountsEmptyDirectoriesThatGoWithTheContainer() throws Exception {
    criollo.restart("--image-volumes=bind");
    Pod pod = criollo.pod("volumes-bind");
    var readOnly = container("a");
    readOnly.getLinuxBuilder().getSecurityContextBuilder().setReadonlyRootfs(true);
    String a = pod.createAndStart(readOnly);
    Path folder = criollo.node().root().resolve("containers").resolve(a);

    assertThat(listed(pod, a, "/data")).isEqualTo("1777 0");
    assertThat(listed(pod, a, "/new/deep")).isEqualTo("755 33");
    assertThat(pod.output(a, "ls", "/data")).isEmpty();
    assertThat(pod.exec(a, "touch", "/tmp/f").getStderr().toStringUtf8()).contains("Read-only");
    var write = pod.exec(a, "dd", "if=/dev/zero", "of=/new/deep/f", "bs=64k", "count=16");
    assertThat(write.getExitCode()).isZero();
    assertThat(pod.status(a).getMountsList()).isEmpty();
    awaitWritten(a);

    criollo.daemon().kill();
    criollo.startAgain("--image-volumes=bind");
    assertThat(pod.output(a, "ls", "/new/deep")).isEqualTo("f");
    pod.stop(a, Duration.ZERO);
    assertThat(files(folder.resolve("volumes"))).contains("f");
    pod.remove(a);
    assertThat(folder).doesNotExist();
  }

  private static void awaitWritten(String container) throws IOException, InterruptedException {
    var request = ContainerStatsRequest.newBuilder().setContainerId(container).build();
    Patience.await(
        "what is written in a volume counts as the container's",
        Duration.ofSeconds(60),
        () ->
            criollo
                    .client()
                    .runtime()
                    .containerStats(request)
                    .getStats()
                    .getWritableLayer()
                    .getUsedBytes()
                    .getValue()
                >= WRITTEN);
  }

  private static Stream<String> files(Path folder) throws IOException {
    try (var found = Files.walk(folder)) {
      return found.map(file -> file.getFileName().toString()).toList().stream();
    }
  }

  @Test
  void aMountOfTheRequestTakesThePlaceOfABoundOne() throws Exception {
    criollo.restart("--image-volumes=bind");
    Path given = Files.createDirectories(criollo.node().logs().resolve("given"));
    Files.writeString(given.resolve("f"), "of the node");
    Pod pod = criollo.pod("volumes-covered");
    var mount = Mount.newBuilder().setContainerPath("/new").setHostPath(given.toString());
    String a = pod.createAndStart(container("a").addMounts(mount));

    assertThat(pod.output(a, "cat", "/new/f")).isEqualTo("of the node");
    assertThat(given).isDirectoryNotContaining("glob:**deep");
    assertThat(listed(pod, a, "/data")).isEqualTo("1777 0");
  }

  @Test
  void inAUserNamespaceTheyBelongToItsUsers() throws Exception {
    if (!criollo.features().getUserNamespaces()) {
      return;
    }
    var ids = IDMapping.newBuilder().setHostId(1_000_000).setLength(65536);
    var options =
        NamespaceOption.newBuilder()
            .setPid(NamespaceMode.CONTAINER)
            .setUsernsOptions(
                UserNamespace.newBuilder().setMode(NamespaceMode.POD).addUids(ids).addGids(ids));
    belongToUsers("volumes-users-mkdir", options);
    criollo.restart("--image-volumes=bind");
    belongToUsers("volumes-users-bind", options);
  }

  private static void belongToUsers(String name, NamespaceOption.Builder options)
      throws IOException {
    var config = criollo.config(name);
    config.getLinuxBuilder().getSecurityContextBuilder().setNamespaceOptions(options);
    Pod pod = criollo.run(config.build());
    var mapped = container("a");
    mapped.getLinuxBuilder().getSecurityContextBuilder().setNamespaceOptions(options);
    String a = pod.createAndStart(mapped);

    assertThat(listed(pod, a, "/data")).isEqualTo("1777 0");
    assertThat(listed(pod, a, "/new/deep")).isEqualTo("755 33");
    assertThat(pod.exec(a, "touch", "/data/f", "/new/deep/f").getExitCode()).isZero();
  }
}
