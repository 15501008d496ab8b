// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.image.mount.RootView;
import io.criollo.image.reference.Digest;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// Artifacts from the registry to the mount.
class ArtifactKernelTest extends RegistryFixture {
  private static final int SIZE = 400_000;
  private static final String NAME = "reg.test/files:v1";

  private static byte[] noise(long seed) {
    var bytes = new byte[SIZE];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static TestImage twoFiles() {
    return TestArtifact.of(
        Map.of("a.txt", TestImage.utf8("hello"), "deep/er/b", TestImage.utf8("#!/bin/sh\n")));
  }

  private static void refused(Kind kind, String word, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(ImageException.class, e -> assertThat(e.kind()).isEqualTo(kind))
        .hasMessageContaining(word);
  }

  private void nothingIsStored() {
    for (var place : List.of("layers", "staging", "trash", "index", "blobs")) {
      assertThat(store.path(place)).as(place).isEmptyDirectory();
    }
  }

  private Path mounted(String container) throws Exception {
    var id = store.pull(NAME);
    var roots = store.images().rootFilesystems();
    registry.image("app", "v1", TestImage.of("root", new TestLayer().file("f", "x").gzip()));
    roots.create(container, store.pull("reg.test/app:v1"));
    return roots.addImage(container, id, RootView.PLAIN);
  }

  @Test
  void itsFilesAreMountedReadOnlyUnderTheirTitles() throws Exception {
    registry.image("files", "v1", twoFiles());

    var mount = mounted("c1");

    assertThat(mount.resolve("a.txt")).hasContent("hello");
    assertThat(mount.resolve("deep/er/b")).hasContent("#!/bin/sh\n");
    for (var file : List.of("a.txt", "deep/er/b")) {
      assertThat(Files.getAttribute(mount.resolve(file), "unix:mode")).isEqualTo(0100644);
      assertThat(Files.getAttribute(mount.resolve(file), "unix:uid")).isEqualTo(0);
    }
    assertThat(Files.getAttribute(mount.resolve("deep/er"), "unix:mode")).isEqualTo(040755);
    assertThatThrownBy(() -> Files.writeString(mount.resolve("new"), "x"))
        .isInstanceOf(IOException.class);
    try (var all = Files.list(mount)) {
      assertThat(all.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("a.txt", "deep");
    }
  }

  @Test
  void itIsListedAndFoundLikeAnImageAndThereAfterARestart() throws Exception {
    var artifact = twoFiles();
    registry.image("files", "v1", artifact);
    var id = store.pull(NAME);
    assertThat(id.digest()).isEqualTo(artifact.digest().toString());

    store.images().close();
    store.open();

    var found = store.images().imageStatus().find(NAME).orElseThrow();
    assertThat(found.id()).isEqualTo(id);
    assertThat(found.repoTags()).containsExactly(NAME);
    assertThat(found.repoDigests()).containsExactly("reg.test/files@" + artifact.digest());
    assertThat(found.size()).isGreaterThan(2 * 4096);
    assertThat(found.artifact().orElseThrow().type()).isEqualTo("application/x.test");
    for (var name :
        List.of(id.hex(), id.hex().substring(0, 12), "reg.test/files@" + artifact.digest())) {
      assertThat(store.images().imageStatus().find(name)).contains(found);
    }
    assertThat(store.images().listImages().list(Optional.empty())).containsExactly(found);
    assertThat(store.images().imageFsInfo().ofImages().bytes()).isGreaterThanOrEqualTo(2 * 4096);

    store.images().removeImage().remove(NAME, _ -> false);
    nothingIsStored();
  }

  @Test
  void itIsNotTakenFromUnderAContainer() throws Exception {
    registry.image("files", "v1", twoFiles());
    var mount = mounted("c1");

    store.images().removeImage().remove(NAME, _ -> false);
    assertThat(mount.resolve("a.txt")).hasContent("hello");

    store.images().rootFilesystems().remove("c1");
    store.images().removeImage().remove("reg.test/app:v1", _ -> false);
    nothingIsStored();
  }

  @Test
  void artifactsShareFiles() throws Exception {
    var shared = noise(1);
    registry.image("files", "v1", TestArtifact.of(Map.of("w", shared, "a", noise(2))));
    registry.image("files", "v2", TestArtifact.of(Map.of("w", shared, "b", noise(3))));
    store.pull(NAME);
    var before = registry.sent();

    store.pull("reg.test/files:v2");

    assertThat(registry.sent() - before).isLessThan(SIZE + SIZE / 4);
    store.images().removeImage().remove(NAME, _ -> false);
    try (var layers = Files.list(store.path("layers"))) {
      assertThat(layers).hasSize(2);
    }
  }

  @Test
  void aPullThatBrokeGoesOnWhereItStopped() throws Exception {
    registry
        .image("files", "v1", TestArtifact.of(Map.of("a", noise(1), "b", noise(2), "c", noise(3))))
        .cutAfter(2 * SIZE);
    refused(Kind.UNAVAILABLE, "files:v1", () -> store.pull(NAME));
    store.images().close();
    store.open();

    registry.noMoreFaults();
    var before = registry.sent();
    store.pull(NAME);

    assertThat(registry.sent() - before).isLessThan(SIZE + SIZE / 4);
    for (var left : List.of("staging", "partial", "trash")) {
      assertThat(store.path(left)).as(left).isEmptyDirectory();
    }
  }

  @Test
  void wrongBytesAreRefused() throws Exception {
    var artifact = TestArtifact.of(Map.of("a", noise(1)));
    registry.image("files", "v1", artifact);
    registry.blob("files", Digest.ofSha256(noise(1)), noise(2));

    refused(Kind.WRONG_BYTES, "has digest", () -> store.pull(NAME));
    nothingIsStored();

    var longer = new byte[SIZE + 1];
    registry.blob("files", Digest.ofSha256(noise(1)), longer);
    refused(Kind.WRONG_BYTES, "longer than " + SIZE, () -> store.pull(NAME));
    nothingIsStored();
  }

  @Test
  void hostileTitlesAreRefusedBeforeAnythingIsFetched() throws Exception {
    for (var title : List.of("../x", "/abs", "a/../../x", "")) {
      registry.image("files", "v1", TestArtifact.of(Map.of(title, noise(1))));

      refused(Kind.CORRUPT, "is no name of a file", () -> store.pull(NAME));
    }
    assertThat(registry.seen()).noneMatch(seen -> seen.path().contains("/blobs/"));
    nothingIsStored();
  }

  @Test
  void anIndexLeadsToTheArtifactOfThisPlatform() throws Exception {
    var artifact = twoFiles();
    registry.image("files", "other", artifact);
    registry.manifest("files", "v1", artifact.index("amd64"), TestImage.INDEX);

    assertThat(store.pull(NAME).digest()).isEqualTo(artifact.digest().toString());
  }

  @Test
  void thePolicyOfImagesHoldsForIt() throws Exception {
    registry.image("files", "v1", twoFiles());
    var id = store.pull(NAME);
    Files.writeString(folder.resolve("policy.json"), "{\"default\":[{\"type\":\"reject\"}]}");

    refused(Kind.SIGNATURE, "rejected", () -> store.pull(NAME));
    refused(Kind.SIGNATURE, "rejected", () -> store.images().admitImage().admit(id, NAME, ""));
  }
}
