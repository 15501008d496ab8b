// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.image.manifest.Artifact.Part;
import io.criollo.image.reference.Digest;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ArtifactDocumentTest {
  private static final String TITLE = "org.opencontainers.image.title";
  private static final Descriptor CONFIG = blob("config");

  private static Descriptor blob(String content) {
    var bytes = content.getBytes(StandardCharsets.UTF_8);
    return new Descriptor("text/plain", Digest.ofSha256(bytes), bytes.length);
  }

  private static ArtifactDocument of(Part... parts) throws ImageException {
    return ArtifactDocument.of(new Artifact("text/x", CONFIG, List.of(parts)));
  }

  private static ArtifactDocument titled(String... titles) throws ImageException {
    return of(
        Arrays.stream(titles)
            .map(title -> new Part(blob("of " + title), Map.of(TITLE, title)))
            .toArray(Part[]::new));
  }

  private static void refused(String word, String... titles) {
    assertThatThrownBy(() -> titled(titles))
        .isInstanceOfSatisfying(
            ImageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CORRUPT))
        .hasMessageStartingWith("artifact: title \"")
        .hasMessageContainingAll("of blob sha256:", word);
  }

  @Test
  void filesHaveTheTitlesOfTheirBlobs() throws Exception {
    var document = titled("a.txt", "cri-o/bin/crio", "..a", "ü x", ".wh.a");

    assertThat(document.type()).isEqualTo("text/x");
    assertThat(document.files())
        .extracting(ArtifactDocument.File::path)
        .containsExactly("a.txt", "cri-o/bin/crio", "..a", "ü x", ".wh.a");
    assertThat(document.files().getFirst().blob()).isEqualTo(blob("of a.txt"));
  }

  @Test
  void aPathInAModelIsATitleWhereThereIsNoOther() throws Exception {
    var path = "org.cncf.model.filepath";
    var document =
        of(
            new Part(blob("1"), Map.of(path, "weights/1")),
            new Part(blob("2"), Map.of(path, "weights/2", TITLE, "two")),
            new Part(blob("3"), Map.of("some.other", "x")));

    assertThat(document.files())
        .extracting(ArtifactDocument.File::path)
        .containsExactly("weights/1", "two");
  }

  @Test
  void titlesThatAreNoNamesAreRefused() {
    refused("empty", "");
    refused("relative", "/abs");
    refused("\"..\"", "../x");
    refused("\"..\"", "a/../../x");
    refused("\"..\"", "..");
    refused("empty", "a//b");
    refused("empty", "a/");
    refused("\".\"", "./a");
    refused("characters", "a\nb");
    refused("characters", "a\0b");
    refused("characters", "\ud800");
    refused("255", "ü".repeat(128));
    refused("1024", "a/".repeat(512) + "b");
  }

  @Test
  void twoFilesOfOneNameAreRefused() {
    refused("another file", "a", "b", "a");
    refused("a is a file too", "a/b", "a");
    refused("a/b is a file too", "a/b", "a/b/c/d");
  }

  @Test
  void noTitleLeadsOutOfTheFolder() {
    var random = new Random(20261122);
    var pieces = List.of("..", ".", "/", "a", "\\", "\0", "\u202e", "~", "", "b");
    var kept = 0;
    for (int round = 0; round < 20_000; round++) {
      var title =
          Stream.generate(() -> pieces.get(random.nextInt(pieces.size())))
              .limit(random.nextInt(6))
              .reduce("", String::concat);
      try {
        var path = titled(title).files().getFirst().path();
        assertThat(Path.of("/top").resolve(path).normalize()).hasToString("/top/" + title);
        kept++;
      } catch (ImageException e) {
        assertThat(e.kind()).isEqualTo(Kind.CORRUPT);
      }
    }
    assertThat(kept).isPositive();
  }
}
