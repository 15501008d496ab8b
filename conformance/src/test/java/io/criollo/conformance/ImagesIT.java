// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static io.criollo.conformance.Statuses.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.Image;
import io.criollo.cri.v1.ImageFsInfoRequest;
import io.criollo.cri.v1.ImageStatusRequest;
import io.criollo.cri.v1.ListImagesRequest;
import io.criollo.cri.v1.PullImageRequest;
import io.criollo.cri.v1.RemoveImageRequest;
import io.grpc.Status.Code;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@AnyRuntime
class ImagesIT {
  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  private static Image status(String reference) {
    var request = ImageStatusRequest.newBuilder().setImage(CriClient.spec(reference)).build();
    return criollo.client().images().imageStatus(request).getImage();
  }

  private static boolean present(String reference) {
    var request = ImageStatusRequest.newBuilder().setImage(CriClient.spec(reference)).build();
    return criollo.client().images().imageStatus(request).hasImage();
  }

  private static void remove(String reference) {
    var request = RemoveImageRequest.newBuilder().setImage(CriClient.spec(reference)).build();
    criollo.client().images().removeImage(request);
  }

  private static List<Image> list() {
    return criollo
        .client()
        .images()
        .listImages(ListImagesRequest.getDefaultInstance())
        .getImagesList();
  }

  @Test
  void anImageIsFoundByTagDigestAndId() {
    String id = criollo.client().pull(TestImages.LAYERS);

    Image image = status(TestImages.LAYERS);
    assertThat(image.getId()).isEqualTo(id);
    assertThat(image.getSize()).isPositive();
    assertThat(image.getRepoTagsList()).containsExactly(TestImages.LAYERS);
    assertThat(image.getRepoDigestsList())
        .singleElement()
        .satisfies(d -> assertThat(d).startsWith("registry.k8s.io/criollo/layers@sha256:"));
    assertThat(status(image.getRepoDigests(0))).isEqualTo(image);
    assertThat(status(id)).isEqualTo(image);
    assertThat(list()).contains(image);
  }

  @Test
  void anImageIsPulledByDigest() {
    String id = criollo.client().pull(TestImages.LAYERS);
    String digest = status(TestImages.LAYERS).getRepoDigests(0);
    remove(TestImages.LAYERS);

    assertThat(criollo.client().pull(digest)).isEqualTo(id);
    assertThat(status(digest).getRepoTagsList()).isEmpty();
    assertThat(present(TestImages.LAYERS)).isFalse();
    remove(digest);
  }

  @Test
  void aShortNameIsOneOfTheDefaultRegistry() {
    assertThat(criollo.client().pull("busybox")).isEqualTo(status(TestImages.BUSYBOX).getId());
  }

  @Test
  void aRemovedImageIsGoneAndMayBeRemovedAgain() {
    String id = criollo.client().pull(TestImages.LAYERS);

    remove(id);
    assertThat(present(TestImages.LAYERS)).isFalse();
    assertThat(list()).noneMatch(image -> image.getId().equals(id));
    remove(id);
    remove(TestImages.LAYERS);
  }

  @Test
  void laterLayersHideWhatEarlierOnesHave() throws IOException {
    criollo.client().pull(TestImages.LAYERS);
    Pod pod = criollo.pod("layers");
    String id = pod.createAndStart(Pod.container("a", TestImages.LAYERS, "sleep", "1000"));

    assertThat(pod.output(id, "ls", "/data").lines())
        .containsExactly("hard", "kept", "opaque", "replaced", "setuid", "soft");
    assertThat(pod.output(id, "cat", "/data/hard")).isEqualTo("second");
    assertThat(pod.output(id, "cat", "/data/soft")).isEqualTo("first");
    assertThat(pod.output(id, "ls", "/data/opaque")).isEqualTo("above");
    assertThat(pod.output(id, "stat", "-c", "%a %u", "/data/setuid")).isEqualTo("4755 0");
    assertThat(pod.output(id, "stat", "-c", "%a", "/tmp")).isEqualTo("1777");
    assertThat(pod.output(id, "sh", "-c", "test /bin/ls -ef /bin/cat && echo same"))
        .isEqualTo("same");
  }

  @Test
  void whatOneContainerWritesAnotherDoesNotSee() throws IOException {
    Pod pod = criollo.pod("writes");
    String a = pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "sleep", "1000"));
    String b = pod.createAndStart(Pod.container("b", TestImages.BUSYBOX, "sleep", "1000"));

    assertThat(pod.exec(a, "sh", "-c", "echo x >/new; rm /etc/group").getExitCode()).isZero();

    assertThat(pod.exec(b, "ls", "/new").getExitCode()).isNotZero();
    assertThat(pod.exec(b, "cat", "/etc/group").getExitCode()).isZero();
  }

  @Test
  void theUserOfAnImageIsToldByNameOrNumber() {
    criollo.client().pull(TestImages.SETTINGS);

    assertThat(status(TestImages.SETTINGS).getUsername()).isEqualTo("www-data");
    assertThat(status(TestImages.BUSYBOX).getUid().getValue()).isZero();
  }

  @Test
  void anUnknownImageIsAnEmptyAnswerForStatusAndAnErrorForPull() {
    String none = criollo.node().registry() + "/criollo/none:1";

    assertThat(present(none)).isFalse();
    assertRefused(Code.NOT_FOUND, () -> criollo.client().pull(none), none);
  }

  @Test
  void aRegistryThatDoesNotAnswerIsUnavailable() {
    assertRefused(
        Code.UNKNOWN,
        () -> criollo.client().pull("127.0.0.1:1/criollo/none:1"),
        "RegistryUnavailable");
  }

  @Test
  void aNameThatIsNoneIsInvalid() {
    for (String name :
        List.of("", "docker.io/UPPER/case", "a b", "x:y:z", "../etc", "name@sha256:12")) {
      assertRefused(Code.INVALID_ARGUMENT, () -> criollo.client().pull(name));
    }
  }

  @Test
  void anImageInUseStaysUntilItsContainerIsGone() throws IOException {
    criollo.client().pull(TestImages.LAYERS);
    Pod pod = criollo.pod("in-use");
    String id = pod.createAndStart(Pod.container("a", TestImages.LAYERS, "sleep", "1000"));

    assertRefused(
        Code.FAILED_PRECONDITION, () -> remove(TestImages.LAYERS), "image is used by a container");
    assertThat(present(TestImages.LAYERS)).isTrue();
    assertThat(pod.output(id, "cat", "/data/kept/file")).isEqualTo("first");

    pod.stop(id, Duration.ZERO);
    pod.remove(id);
    remove(TestImages.LAYERS);
    assertThat(present(TestImages.LAYERS)).isFalse();
  }

  @Test
  void theFileSystemOfImagesIsTold() {
    var info = criollo.client().images().imageFsInfo(ImageFsInfoRequest.getDefaultInstance());

    assertThat(info.getImageFilesystemsList())
        .singleElement()
        .satisfies(usage -> {
          assertThat(Path.of(usage.getFsId().getMountpoint())).isDirectory();
          assertThat(usage.getUsedBytes().getValue()).isPositive();
          assertThat(usage.getInodesUsed().getValue()).isPositive();
          assertThat(usage.getTimestamp()).isPositive();
        });
    assertThat(info.getContainerFilesystemsList()).isNotEmpty();
  }

  @Test
  void theFileSystemOfImagesGrowsAndShrinksWithThem() {
    remove(TestImages.NOISE);
    long without = used();

    criollo.client().pull(TestImages.NOISE);
    long with = used();
    remove(TestImages.NOISE);

    assertThat(with - without).isGreaterThan(1_000_000);
    assertThat(with - used()).isGreaterThan(1_000_000);
  }

  private static long used() {
    return criollo
        .client()
        .images()
        .imageFsInfo(ImageFsInfoRequest.getDefaultInstance())
        .getImageFilesystems(0)
        .getUsedBytes()
        .getValue();
  }

  @Test
  void whoRemovesAnyNameOfAnImageRemovesItUnderAllOfThem() {
    var names =
        List.of(TestImages.LAYERS, TestImages.LAYERS_OTHER_TAG, TestImages.LAYERS_OTHER_REGISTRY);
    var ids = names.stream().map(criollo.client()::pull).distinct().toList();

    assertThat(ids).hasSize(1);
    assertThat(status(ids.getFirst()).getRepoTagsList()).containsExactlyInAnyOrderElementsOf(names);
    assertThat(status(ids.getFirst()).getRepoDigestsList()).hasSize(2);
    remove(names.getFirst());
    assertThat(names).noneMatch(ImagesIT::present);
    assertThat(present(ids.getFirst())).isFalse();
  }

  @Test
  void manyMayRemoveAnImageAtOnce() throws Exception {
    String id = criollo.client().pull(TestImages.LAYERS);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Boolean> removal =
          () -> {
            remove(id);
            return present(id);
          };
      for (var stillThere : threads.invokeAll(Collections.nCopies(8, removal))) {
        assertThat(stillThere.get()).isFalse();
      }
    }

    assertThat(criollo.client().pull(TestImages.LAYERS)).isEqualTo(id);
    remove(id);
  }

  @Test
  void aPullEndsWithTheTimeOfItsClient() throws Exception {
    remove(TestImages.LAYERS);
    assertRefused(
        Code.DEADLINE_EXCEEDED, () -> pullWithin(Duration.ofMillis(1), TestImages.LAYERS));
    try (var silent = new ServerSocket(0, 10, InetAddress.ofLiteral("127.0.0.1"))) {
      silent.setSoTimeout(60_000);
      var image = "127.0.0.1:" + silent.getLocalPort() + "/criollo/silent:1";
      assertRefused(Code.DEADLINE_EXCEEDED, () -> pullWithin(Duration.ofSeconds(2), image));
      try (var connection = silent.accept()) {
        connection.setSoTimeout(60_000);
        connection.getInputStream().readAllBytes(); // until the daemon hangs up
      }
    }

    assertThat(present(TestImages.LAYERS)).isFalse();
  }

  private static void pullWithin(Duration time, String image) {
    var request = PullImageRequest.newBuilder().setImage(CriClient.spec(image)).build();
    criollo
        .client()
        .images()
        .withDeadlineAfter(time.toMillis(), TimeUnit.MILLISECONDS)
        .pullImage(request);
  }
}
