// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageId;
import io.criollo.image.registry.Credentials;
import io.criollo.linux.MountInfo;
import io.criollo.linux.Mounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The whole of image-service against a scripted registry: pull, names, mounts, removal.
class ImagesKernelTest extends RegistryFixture {
  @BeforeEach
  void anotherName() throws Exception {
    store.registry("other.test", registry);
  }

  private Images images() {
    return store.images();
  }

  private ImageId pull(String reference) throws Exception {
    return store.pull(reference);
  }

  private static TestImage twoLayers() {
    return TestImage.of(
        "two",
        new TestLayer()
            .directory("etc", 0755)
            .directory("tmp", 01777)
            .file("etc/gone", "gone")
            .file("etc/kept", "kept")
            .directory("opt", 0755)
            .file("opt/lower", "lower")
            .file("bin/su", "x", 04755)
            .gzip(),
        new TestLayer()
            .file("etc/.wh.gone", "")
            .file("etc/new", "new")
            .file("opt/.wh..wh..opq", "")
            .file("opt/upper", "upper")
            .file("tmp/scratch", "scratch")
            .zstd());
  }

  @Test
  void layersBecomeTheRootFileSystemOfAContainer() throws Exception {
    var image = twoLayers();
    registry.image("app", "v1", image);
    var id = pull("reg.test/app:v1");
    assertThat(id.digest()).isEqualTo(image.id().toString());

    var root = images().rootFilesystems().create("c1", id);
    assertThat(root.path()).isEqualTo(folder.resolve("root/containers/c1/merged"));
    assertThat(root.path().resolve("etc/kept")).hasContent("kept");
    assertThat(root.path().resolve("etc/new")).hasContent("new");
    assertThat(root.path().resolve("etc/gone")).doesNotExist();
    assertThat(root.path().resolve("opt")).isDirectoryContaining("glob:**upper");
    assertThat(root.path().resolve("opt/lower")).doesNotExist();
    assertThat(Files.getAttribute(root.path().resolve("bin/su"), "unix:mode")).isEqualTo(0104755);
    assertThat(Files.getAttribute(root.path().resolve("tmp"), "unix:mode")).isEqualTo(041777);

    assertThat(MountInfo.self())
        .filteredOn(mount -> mount.mountPoint().equals(root.path()))
        .singleElement()
        .satisfies(mount ->
            assertThat(mount.superOptions()).anyMatch(option -> option.endsWith("volatile")));
    Files.writeString(root.path().resolve("etc/written"), "x");
    assertThat(root.upper().resolve("etc/written")).hasContent("x");
    assertThat(images().rootFilesystems().usage("c1").inodes()).isEqualTo(2);
    Mounts.unmountDetached(root.path());
    assertThat(images().rootFilesystems().mountAgain("c1")).isEqualTo(root);
    assertThat(root.path().resolve("etc/written")).hasContent("x");
    assertThat(images().rootFilesystems().find("c1")).contains(root);

    images().rootFilesystems().remove("c1");
    images().rootFilesystems().remove("c1");
    assertThat(folder.resolve("root/containers/c1")).doesNotExist();
    assertThat(images().rootFilesystems().list()).isEmpty();
  }

  @Test
  void whatIsDiscardedVanishesAtOnceAndIsDeletedByTheNextOneToOpen() throws Exception {
    registry.image("app", "v1", twoLayers());
    var id = pull("reg.test/app:v1");
    var removed = folder.resolve("root/containers/.removed");
    for (var name : List.of("c1", "c2", "c1")) { // an id again, though that cannot be
      var root = images().rootFilesystems().create(name, id);
      Files.writeString(root.path().resolve("etc/written"), "by " + name);
      images().rootFilesystems().discard(name);
    }
    images().rootFilesystems().discard("c2"); // which is not there any more

    assertThat(images().rootFilesystems().list()).isEmpty();
    assertThat(images().rootFilesystems().usedLayers()).isEmpty();
    assertThat(MountInfo.self()).noneMatch(mount -> mount.mountPoint().startsWith(folder));
    assertThat(folder.resolve("root/containers")).isDirectoryNotContaining("glob:**/c?");
    assertThat(removed.resolve("c1/diff/etc/written")).hasContent("by c1");
    assertThat(removed.resolve("c2/diff/etc/written")).hasContent("by c2");

    images().close();
    store.open();
    awaitEmpty(removed);
  }

  private static void awaitEmpty(Path directory) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!isEmpty(directory)) {
      assertThat(System.nanoTime()).as("%s is emptied in time", directory).isLessThan(end);
      Thread.sleep(10);
    }
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (var entries = Files.list(directory)) {
      return entries.findAny().isEmpty();
    }
  }

  @Test
  void tagDigestAndIdNameTheSameImage() throws Exception {
    var image = twoLayers();
    registry.image("app", "v1", image);
    registry.manifest("app", "multi", image.index("amd64"), TestImage.INDEX);
    var id = pull("reg.test/app:v1");
    assertThat(pull("reg.test/app@" + image.digest())).isEqualTo(id);
    assertThat(pull("reg.test/app:multi")).isEqualTo(id);
    assertThat(pull("other.test/app:v1")).isEqualTo(id);

    var found = images().imageStatus().find("reg.test/app:v1").orElseThrow();
    var index = io.criollo.image.reference.Digest.ofSha256(image.index("amd64"));
    assertThat(found.repoTags())
        .containsExactly("other.test/app:v1", "reg.test/app:multi", "reg.test/app:v1");
    assertThat(found.repoDigests())
        .containsExactlyInAnyOrder(
            "reg.test/app@" + image.digest(),
            "other.test/app@" + image.digest(),
            "reg.test/app@" + index);
    assertThat(found.size()).isPositive();
    for (var name :
        List.of(
            id.digest(),
            id.hex(),
            id.hex().substring(0, 12),
            "sha256:" + id.hex().substring(0, 12),
            "reg.test/app@" + image.digest(),
            "reg.test/app:v1@" + image.digest(),
            "reg.test/app@" + index)) {
      assertThat(images().imageStatus().find(name)).as(name).contains(found);
    }
    assertThat(images().imageStatus().find("reg.test/app:v2")).isEmpty();
    assertThat(images().listImages().list(Optional.empty())).containsExactly(found);
    assertThat(images().listImages().list(Optional.of("nothing"))).isEmpty();
  }

  @Test
  void pullByDigestGivesNoTag() throws Exception {
    var image = twoLayers();
    registry.image("app", "v1", image);
    pull("reg.test/app@" + image.digest());
    var found = images().listImages().list(Optional.empty()).getFirst();
    assertThat(found.repoTags()).isEmpty();
    assertThat(found.repoDigests()).containsExactly("reg.test/app@" + image.digest());
  }

  @Test
  void aTagMovesToTheImageThatWasPulledLast() throws Exception {
    registry.image("app", "latest", TestImage.of("a", new TestLayer().file("a", "a").gzip()));
    var first = pull("reg.test/app");
    registry.image("app", "latest", TestImage.of("b", new TestLayer().file("b", "b").gzip()));
    var second = pull("reg.test/app");
    assertThat(images().imageStatus().find("reg.test/app").orElseThrow().id()).isEqualTo(second);
    assertThat(images().imageStatus().find(first.digest()).orElseThrow().repoTags()).isEmpty();
  }

  @Test
  void removingByOneTagRemovesAllAndFreesTheDisk() throws Exception {
    var shared = new TestLayer().file("shared", "s").gzip();
    registry.image("a", "1", TestImage.of("a", shared, new TestLayer().file("a", "a").gzip()));
    registry.image("a", "2", TestImage.of("a", shared, new TestLayer().file("a", "a").gzip()));
    registry.image("b", "1", TestImage.of("b", shared));
    pull("reg.test/a:1");
    var id = pull("reg.test/a:2");
    pull("reg.test/b:1");
    assertThatThrownBy(() -> images().removeImage().remove("reg.test/a:1", id::equals))
        .isInstanceOfSatisfying(
            ImageException.class, e -> assertThat(e.kind()).isEqualTo(ImageException.Kind.IN_USE));
    images().removeImage().remove("reg.test/a:1", _ -> false);
    images().removeImage().remove("reg.test/a:1", _ -> false);
    assertThat(images().listImages().list(Optional.empty())).hasSize(1);
    assertThat(layers()).hasSize(1);
    images().removeImage().remove("reg.test/b:1", _ -> false);
    assertThat(layers()).isEmpty();
    assertThat(images().imageFsInfo().ofImages().bytes()).isZero();
    try (var blobs = Files.list(store.path("blobs"))) {
      assertThat(blobs).isEmpty();
    }
  }

  private List<Path> layers() throws Exception {
    try (var found = Files.list(store.path("layers"))) {
      return found.toList();
    }
  }

  @Test
  void imagesOutliveTheDaemon() throws Exception {
    var image = twoLayers();
    registry.image("pause", "3", image);
    pull("reg.test/pause:3");
    var before = images().listImages().list(Optional.empty());
    assertThat(before.getFirst().pinned()).isTrue();
    assertThatThrownBy(() -> store.openAnother().close())
        .isInstanceOfSatisfying(
            ImageException.class, e -> assertThat(e.kind()).isEqualTo(ImageException.Kind.LOCKED));
    images().close();
    Files.createDirectories(store.path("staging/left/diff/over"));
    store.open();
    assertThat(images().listImages().list(Optional.empty())).isEqualTo(before);
    assertThat(store.path("staging/left")).doesNotExist();
  }

  @Test
  void onlyWhatIsBrokenIsPulledAnew() throws Exception {
    var image = twoLayers();
    registry.image("app", "v1", image);
    pull("reg.test/app:v1");
    images().close();
    var broken = layers().getFirst();
    Files.writeString(broken.resolve("layer.json"), "{torn");
    store.open();
    assertThat(images().listImages().list(Optional.empty())).isEmpty();
    var before = registry.seen().size();
    pull("reg.test/app:v1");
    assertThat(
            registry.seen().subList(before, registry.seen().size()).stream()
                .filter(s -> s.path().contains("/blobs/")))
        .hasSize(1);
    assertThat(images().listImages().list(Optional.empty())).hasSize(1);
  }

  @Test
  void credentialsOfTheRequestAreUsed() throws Exception {
    registry.auth(FakeRegistry.Auth.BEARER).image("app", "v1", twoLayers());
    assertThatThrownBy(() -> pull("reg.test/app:v1"))
        .isInstanceOfSatisfying(
            ImageException.class,
            e -> assertThat(e.kind()).isEqualTo(ImageException.Kind.UNAUTHORIZED));
    var credentials = Credentials.ofPassword("user", "secret");
    images().pullImage().pull(new PullRequest("reg.test/app:v1", Optional.of(credentials), "ns"));
    assertThat(images().listImages().list(Optional.empty())).hasSize(1);
  }

  @Test
  void wrongLayersLeaveNothing() throws Exception {
    var image = twoLayers();
    registry.image("app", "v1", image);
    var layer = List.copyOf(image.blobs().keySet()).get(2);
    var wrong = Objects.requireNonNull(image.blobs().get(layer)).clone();
    wrong[wrong.length / 2] ^= 1;
    registry.blob("app", layer, wrong);
    assertThatThrownBy(() -> pull("reg.test/app:v1"))
        .isInstanceOfSatisfying(
            ImageException.class,
            e -> assertThat(e.kind()).isEqualTo(ImageException.Kind.WRONG_BYTES))
        .hasMessageContaining("has digest");
    assertThat(layers()).isEmpty();
    assertThat(images().imageStatus().find("reg.test/app:v1")).isEmpty();
    registry.image("app", "v1", image);
    pull("reg.test/app:v1");
    for (var left : List.of("staging", "partial", "trash")) {
      assertThat(store.path(left)).isEmptyDirectory();
    }
  }

  @Test
  void unreachableRegistriesAreSaidInTheWordsOfTheKubelet() throws Exception {
    registry.close();
    assertThatThrownBy(() -> pull("reg.test/app:v1"))
        .isInstanceOfSatisfying(
            ImageException.class,
            e -> assertThat(e.kind()).isEqualTo(ImageException.Kind.UNAVAILABLE))
        .hasMessageStartingWith("RegistryUnavailable: pull reg.test/app:v1: ");
    registry = new FakeRegistry();
    assertThatThrownBy(() -> pull("127.0.0.1:1/app:v1"))
        .hasMessageStartingWith("RegistryUnavailable: ");
  }

  @Test
  void imagesWithoutLayersCanBeMounted() throws Exception {
    registry.image("empty", "1", TestImage.of("empty"));
    var root = images().rootFilesystems().create("e1", pull("reg.test/empty:1"));
    Files.writeString(root.path().resolve("x"), "x");
    assertThat(Files.exists(root.upper().resolve("x"), LinkOption.NOFOLLOW_LINKS)).isTrue();
  }
}
