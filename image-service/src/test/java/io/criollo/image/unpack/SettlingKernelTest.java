// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.unpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.image.TestLayer;
import io.criollo.image.manifest.Descriptor;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import io.criollo.linux.DirFd;
import io.criollo.linux.FileStat;
import io.criollo.linux.Mounts;
import io.criollo.linux.Xattrs;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Layers that depend on those below them, seen through overlay.
class SettlingKernelTest {
  @TempDir Path folder;
  private final List<Path> layers = new ArrayList<>();
  private int changes;

  @BeforeEach
  void placeCanary() throws IOException {
    Files.writeString(folder.resolve("canary"), "alive");
  }

  @AfterEach
  void unmount() throws IOException {
    Mounts.unmountIfMounted(folder.resolve("merged"));
    assertThat(folder.resolve("canary")).hasContent("alive");
  }

  /// Puts a layer on top.
  private Path add(TestLayer layer) throws IOException, ImageException {
    var blob = layer.plain();
    var descriptor = new Descriptor(blob.mediaType(), blob.digest(), blob.content().length);
    var name = "layer" + layers.size();
    try (var parent = DirFd.open(folder)) {
      var unpacked =
          new LayerUnpacker(UnpackLimits.USUAL)
              .unpack(
                  new ByteArrayInputStream(blob.content()),
                  descriptor,
                  blob.diffId(),
                  parent,
                  name);
      var root = folder.resolve(name);
      Settling.settle(root, unpacked.pending(), layers.reversed(), () -> changes++);
      layers.add(root);
      return root;
    }
  }

  private Path merged() throws IOException {
    var merged = Files.createDirectories(folder.resolve("merged"));
    Mounts.overlay(layers.reversed(), Optional.empty(), Optional.empty(), merged, List.of());
    return merged;
  }

  private static FileStat stat(Path path) throws IOException {
    try (var parent = DirFd.open(path.resolveSibling("."))) {
      return parent.stat(path.getFileName().toString());
    }
  }

  private void refused(TestLayer layer, String text) {
    assertThatThrownBy(() -> add(layer))
        .isInstanceOfSatisfying(
            ImageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CORRUPT))
        .hasMessageContaining(text);
  }

  @Test
  void aHardLinkToALowerFileIsOneFileWithIt() throws Exception {
    var file = TestLayer.entry("d/file", (byte) '0', 04751);
    file.setIds(12, 34);
    add(
        new TestLayer()
            .directory("d", 0700)
            .add(file, "content".getBytes(StandardCharsets.UTF_8))
            .withHeaders("d/x", Map.of("SCHILY.xattr.user.kept", "v"), "x"));
    add(new TestLayer().file("other", ""));
    add(
        new TestLayer()
            .hardlink("e/link", "d/file")
            .hardlink("again", "e/link")
            .hardlink("y", "d/x"));

    var root = merged();
    assertThat(root.resolve("e/link")).hasContent("content");
    assertThat(stat(root.resolve("e/link")).mode()).isEqualTo(0104751);
    assertThat(stat(root.resolve("e/link")).gid()).isEqualTo(34);
    assertThat(stat(root.resolve("e/link")).mtime().getEpochSecond()).isEqualTo(1_600_000_000);
    for (var name : List.of("d/file", "again")) {
      assertThat(stat(root.resolve(name)).inode()).isEqualTo(stat(root.resolve("e/link")).inode());
    }
    assertThat(stat(root.resolve("d/file")).links()).isEqualTo(3);
    assertThat(stat(root.resolve("d")).mode()).isEqualTo(040700);
    try (var directory = DirFd.open(root)) {
      assertThat(Xattrs.get(directory, "y", "user.kept")).isPresent();
    }
    assertThat(changes).isEqualTo(1);
  }

  @Test
  void whatComesLaterInTheLayerWinsOverALink() throws Exception {
    add(new TestLayer().file("t", "lower").file("u", "lower").file("v", "lower"));
    add(
        new TestLayer()
            .hardlink("over-target", "t")
            .file("t", "upper")
            .hardlink("replaced", "u")
            .file("replaced", "file")
            .file("gone", "own")
            .hardlink("gone", "v")
            .file(".wh.v", ""));

    var root = merged();
    assertThat(root.resolve("over-target")).hasContent("lower");
    assertThat(root.resolve("t")).hasContent("upper");
    assertThat(root.resolve("replaced")).hasContent("file");
    assertThat(root.resolve("gone")).hasContent("lower");
    assertThat(root.resolve("v")).doesNotExist();
  }

  @Test
  void linksToSymbolicLinksAndThroughThemAreMade() throws Exception {
    add(
        new TestLayer()
            .symlink("s", "/nowhere")
            .directory("usr/lib", 0755)
            .file("usr/lib/f", "lib")
            .symlink("lib", "usr/lib")
            .fifo("pipe"));
    add(new TestLayer().hardlink("s2", "s").hardlink("f2", "lib/f").hardlink("pipe2", "pipe"));

    var root = merged();
    assertThat(Files.readSymbolicLink(root.resolve("s2"))).isEqualTo(Path.of("/nowhere"));
    assertThat(root.resolve("f2")).hasContent("lib");
    assertThat(Files.isSymbolicLink(root.resolve("lib"))).isTrue();
    assertThat(stat(root.resolve("pipe2")).mode()).isEqualTo(FileStat.S_IFIFO | 0600);
  }

  @Test
  void linksToWhatIsNotThereAreRefused() throws Exception {
    add(new TestLayer().directory("d", 0755).file("d/f", "").file("gone", "").symlink("out", "/"));
    add(new TestLayer().file(".wh.gone", "").file("d/.wh..wh..opq", ""));
    for (var target : List.of("nothing", "d", "d/f", "gone", "../canary", "out")) {
      if (target.equals("out")) {
        add(new TestLayer().hardlink("h", target));
      } else {
        assertThatThrownBy(() -> add(new TestLayer().hardlink("h", target)))
            .as(target)
            .isInstanceOf(ImageException.class);
        DirFd.removeTree(folder.resolve("layer" + layers.size()));
      }
    }
  }

  @Test
  void filesBelowALinkOfALowerLayerGoWhereItLeads() throws Exception {
    add(
        new TestLayer()
            .directory("usr", 0755)
            .directory("usr/lib", 0711)
            .file("usr/lib/old", "old")
            .symlink("lib", "usr/lib")
            .symlink("absolute", "/usr/lib")
            .symlink("out", "../../../../..")
            .symlink("dangling", "made/here"));
    add(
        new TestLayer()
            .file("lib/new", "new")
            .file("lib/deep/er", "deep")
            .file("absolute/deep/too", "too")
            .file("out/canary", "inside")
            .file("dangling/file", "x"));

    var root = merged();
    assertThat(Files.isSymbolicLink(root.resolve("lib"))).isTrue();
    assertThat(root.resolve("usr/lib/old")).hasContent("old");
    assertThat(root.resolve("usr/lib/new")).hasContent("new");
    assertThat(root.resolve("usr/lib/deep/er")).hasContent("deep");
    assertThat(root.resolve("usr/lib/deep/too")).hasContent("too");
    assertThat(root.resolve("canary")).hasContent("inside");
    assertThat(root.resolve("made/here/file")).hasContent("x");
    assertThat(stat(root.resolve("usr/lib")).mode()).isEqualTo(040711);
    assertThat(changes).isPositive();
  }

  @Test
  void anEntryOfItsOwnTakesTheLinksPlace() throws Exception {
    add(new TestLayer().directory("usr/lib", 0755).symlink("lib", "usr/lib"));
    add(new TestLayer().directory("lib", 0755).file("lib/new", "new"));

    var root = merged();
    assertThat(Files.isDirectory(root.resolve("lib"), LinkOption.NOFOLLOW_LINKS)).isTrue();
    assertThat(root.resolve("usr/lib/new")).doesNotExist();
  }

  @Test
  void filesBelowALinkThatLeadsNowhereGoodAreRefused() throws Exception {
    add(new TestLayer().file("f", "").symlink("tofile", "f").symlink("a", "b").symlink("b", "a"));
    refused(new TestLayer().file("tofile/x", ""), "leads to no directory");
    DirFd.removeTree(folder.resolve("layer1"));
    refused(new TestLayer().file("a/x", ""), "too many symbolic links");
  }

  @Test
  void whiteoutsThatHideNothingLeaveNoName() throws Exception {
    add(
        new TestLayer()
            .directory("d", 0755)
            .file("d/lower", "")
            .file("d/deep/er/x", "")
            .file("kept", ""));
    add(
        new TestLayer()
            .file("new/.wh.never", "")
            .file("d/.wh.lower", "")
            .file("d/deep/er/.wh.x", "")
            .file("d/.wh..wh..opq", "")
            .file("d/upper", "")
            .file(".wh.kept", ""));

    var root = merged();
    assertThat(root.resolve("d").toFile().list()).containsExactly("upper");
    assertThat(root.toFile().list()).containsExactly("d");
  }
}
