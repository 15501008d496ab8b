// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.unpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.criollo.image.TestLayer;
import io.criollo.image.manifest.Descriptor;
import io.criollo.image.reference.Digest;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import io.criollo.linux.DirFd;
import io.criollo.linux.FileStat;
import io.criollo.linux.IsalInflater;
import io.criollo.linux.Xattrs;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Layers as they come, and as an attacker would make them. Outside of the tree stands a canary
/// that must stay as it is.
@ParameterizedClass
@EnumSource(Inflation.class)
class LayerUnpackerKernelTest {
  private static final UnpackLimits SMALL = new UnpackLimits(4 << 20, 3, 10_000, 1 << 20);

  private final Inflation inflation;
  @TempDir Path folder;
  private Path canary;
  private Path work;
  private int number;
  private Pending pending = new Pending(Set.of(), List.of(), List.of());

  LayerUnpackerKernelTest(Inflation inflation) {
    this.inflation = inflation;
  }

  @BeforeEach
  void placeCanary() throws IOException {
    assumeThat(inflation == Inflation.ZLIB || IsalInflater.present()).isTrue();
    canary = Files.createDirectories(folder.resolve("canary"));
    Files.writeString(canary.resolve("file"), "alive");
    work = Files.createDirectories(folder.resolve("work"));
  }

  private void canaryLives() throws IOException {
    assertThat(canary.resolve("file")).hasContent("alive");
    assertThat(Files.getAttribute(canary.resolve("file"), "unix:mode")).isEqualTo(0100644);
    assertThat(Files.getAttribute(canary.resolve("file"), "unix:nlink")).isEqualTo(1);
    try (var inside = Files.list(canary)) {
      assertThat(inside).hasSize(1);
    }
    try (var beside = Files.list(folder)) {
      assertThat(beside).hasSize(2);
    }
  }

  private Path unpack(TestLayer.Blob blob) throws IOException, ImageException {
    return unpack(blob, blob.content(), blob.diffId());
  }

  private Path unpack(TestLayer.Blob blob, byte[] served, Digest diffId)
      throws IOException, ImageException {
    var name = "layer" + number++;
    var layer = new Descriptor(blob.mediaType(), blob.digest(), blob.content().length);
    try (var parent = DirFd.open(work)) {
      var unpacked =
          new LayerUnpacker(SMALL, () -> inflation)
              .unpack(new ByteArrayInputStream(served), layer, diffId, parent, name);
      pending = unpacked.pending();
    }
    return work.resolve(name);
  }

  private static FileStat stat(Path path) throws IOException {
    try (var parent = DirFd.open(path.resolveSibling("."))) {
      return parent.stat(path.getFileName().toString());
    }
  }

  private static boolean isWhiteout(Path path) throws IOException {
    return Whiteout.is(stat(path));
  }

  private static boolean isOpaque(Path directory) throws IOException {
    try (var fd = DirFd.open(directory)) {
      return Xattrs.get(fd.fd(), "trusted.overlay.opaque").isPresent();
    }
  }

  @Test
  void filesKeepOwnerModeTimeAndKind() throws Exception {
    var suid = TestLayer.entry("bin/su", (byte) '0', 04755);
    suid.setIds(12, 34);
    var link = TestLayer.entry("link", (byte) '2', 0777);
    link.setLinkName("/nowhere");
    link.setIds(5, 6);
    var root =
        unpack(
            new TestLayer()
                .directory("bin", 0711)
                .add(suid, "su".getBytes(StandardCharsets.UTF_8))
                .add(link, new byte[0])
                .hardlink("bin/su2", "bin/su")
                .device("null", 1, 3)
                .fifo("pipe")
                .gzip());
    assertThat(stat(root.resolve("bin/su")).mode()).isEqualTo(0104755);
    assertThat(stat(root.resolve("bin/su")).uid()).isEqualTo(12);
    assertThat(stat(root.resolve("bin/su")).gid()).isEqualTo(34);
    assertThat(stat(root.resolve("bin/su2")).inode())
        .isEqualTo(stat(root.resolve("bin/su")).inode());
    assertThat(stat(root.resolve("link")).uid()).isEqualTo(5);
    assertThat(Files.readSymbolicLink(root.resolve("link"))).isEqualTo(Path.of("/nowhere"));
    assertThat(stat(root.resolve("null")).rdevMinor()).isEqualTo(3);
    assertThat(stat(root.resolve("pipe")).mode()).isEqualTo(FileStat.S_IFIFO | 0600);
    for (var name : List.of("bin", "bin/su", "link", "null", "pipe")) {
      assertThat(stat(root.resolve(name)).mtime().getEpochSecond())
          .as(name)
          .isEqualTo(1_600_000_000);
    }
  }

  @Test
  void filesTakeNothingFromTheirDirectoryOrTheUmask() throws Exception {
    var layer = new TestLayer();
    var modes = List.of(0644, 0666, 0600, 0755, 04755, 0644, 0666);
    for (var folder : List.of("a", "b")) {
      var own = TestLayer.entry(folder + "/", (byte) '5', folder.equals("a") ? 02777 : 0755);
      own.setIds(7, 34);
      layer.add(own, new byte[0]);
      for (int i = 0; i < modes.size(); i++) {
        layer.add(TestLayer.entry(folder + "/" + i, (byte) '0', modes.get(i)), new byte[0]);
      }
    }
    var root = unpack(layer.gzip());
    for (var folder : List.of("a", "b")) {
      for (int i = 0; i < modes.size(); i++) {
        var file = stat(root.resolve(folder + "/" + i));
        assertThat(file.permissions()).as("%s/%d", folder, i).isEqualTo(modes.get(i));
        assertThat(file.uid()).isZero();
        assertThat(file.gid()).isZero();
      }
    }
  }

  @Test
  void everyCompressionGivesTheSame() throws Exception {
    var layer = new TestLayer().file("f", "x".repeat(300_000));
    var gzipMembers = new ByteArrayOutputStream();
    for (int at = 0; at < layer.tar().length; at += 100_000) {
      var end = Math.min(at + 100_000, layer.tar().length);
      var part = Arrays.copyOfRange(layer.tar(), at, end);
      gzipMembers.writeBytes(TestLayer.through(part, GZIPOutputStream::new));
    }
    var members = new TestLayer.Blob(layer.tar(), gzipMembers.toByteArray(), "");
    for (var blob : List.of(layer.plain(), layer.gzip(), layer.zstd(), members)) {
      assertThat(unpack(blob).resolve("f")).hasSize(300_000);
    }
  }

  @Test
  void whiteoutsTakeOverlaysForm() throws Exception {
    var root =
        unpack(
            new TestLayer()
                .file("a/.wh.gone", "")
                .file("o/.wh..wh..opq", "")
                .file("o/.wh..wh.plnk", "")
                .file("before/.wh.d", "")
                .file("before/d/new", "")
                .file("after/d/new", "")
                .file("after/.wh.d", "")
                .file("f", "new")
                .file(".wh.f", "")
                .file("turned", "a file")
                .file("turned/.wh.inner", "")
                .gzip());
    assertThat(isWhiteout(root.resolve("a/gone"))).isTrue();
    assertThat(isOpaque(root.resolve("o"))).isTrue();
    assertThat(isOpaque(root.resolve("before/d"))).isTrue();
    assertThat(root.resolve("before/d/new")).exists();
    assertThat(isOpaque(root.resolve("after/d"))).isTrue();
    assertThat(root.resolve("f")).hasContent("new");
    assertThat(root.resolve("turned")).hasContent("a file");
    assertThat(root.resolve("o").toFile().list()).isEmpty();
  }

  @Test
  void laterEntriesReplaceEarlierOnes() throws Exception {
    var root =
        unpack(
            new TestLayer()
                .file("a", "first")
                .hardlink("b", "a")
                .file("a", "second")
                .directory("d", 0755)
                .file("d/x", "x")
                .file("d", "file now")
                .symlink("s", "a")
                .file("s", "file, not what the link was to")
                .symlink("t", "d")
                .directory("t", 0700)
                .file("t/inside", "x")
                .gzip());
    assertThat(root.resolve("a")).hasContent("second");
    assertThat(root.resolve("b")).hasContent("first");
    assertThat(root.resolve("d")).hasContent("file now");
    assertThat(Files.isRegularFile(root.resolve("s"), LinkOption.NOFOLLOW_LINKS)).isTrue();
    assertThat(Files.isDirectory(root.resolve("t"), LinkOption.NOFOLLOW_LINKS)).isTrue();
  }

  @Test
  void onlyHarmlessAttributesAreKept() throws Exception {
    var pax = new LinkedHashMap<String, String>();
    pax.put("SCHILY.xattr.user.kept", "v");
    pax.put("SCHILY.xattr.user.overlay.opaque", "y");
    pax.put("SCHILY.xattr.trusted.overlay.redirect", "/etc");
    pax.put("SCHILY.xattr.trusted.other", "x");
    pax.put("SCHILY.xattr.security.selinux", "system_u:object_r:shadow_t:s0");
    var root = unpack(new TestLayer().withHeaders("f", pax, "c").gzip());
    try (var parent = DirFd.open(root)) {
      assertThat(Xattrs.list(parent, "f")).contains("user.kept");
      assertThat(Xattrs.list(parent, "f"))
          .noneMatch(x -> x.startsWith("trusted.") || x.startsWith("user.overlay."));
    }
  }

  /// chown(2) and a write after it would take them away.
  @Test
  void filesKeepTheirCapabilities() throws Exception {
    var capability = "\1\0\0\2" + "\0\40\0\0" + "\0".repeat(12); // cap_net_raw=ep, revision 2
    var headers = new TestLayer();
    var name = "SCHILY.xattr.security.capability";
    var record = TestLayer.record(name, capability.getBytes(StandardCharsets.ISO_8859_1));
    headers.add(TestLayer.entry("pax", (byte) 'x', 0644), record);
    var ping = TestLayer.entry("ping", (byte) '0', 0755);
    ping.setIds(12, 34);
    var root = unpack(headers.add(ping, "ping".getBytes(StandardCharsets.UTF_8)).gzip());

    assertThat(stat(root.resolve("ping")).uid()).isEqualTo(12);
    try (var parent = DirFd.open(root)) {
      assertThat(Xattrs.get(parent, "ping", "security.capability").orElseThrow())
          .asString(StandardCharsets.ISO_8859_1)
          .isEqualTo(capability);
    }
  }

  @Test
  void impliedDirectoriesBecomeLikeThoseBelow() throws Exception {
    var entry = TestLayer.entry("tmp/", (byte) '5', 01777);
    entry.setIds(7, 8);
    var lower = unpack(new TestLayer().add(entry, new byte[0]).directory("plain", 0700).gzip());
    var upper = unpack(new TestLayer().file("tmp/f", "x").file("new/f", "x").gzip());
    var implied = new Pending(Set.of("", "tmp", "new"), List.of(), List.of());
    Settling.settle(upper, implied, List.of(lower), () -> {});
    assertThat(stat(upper.resolve("tmp")).mode()).isEqualTo(041777);
    assertThat(stat(upper.resolve("tmp")).gid()).isEqualTo(8);
    assertThat(stat(upper.resolve("tmp")).mtime().getEpochSecond()).isEqualTo(1_600_000_000);
    assertThat(stat(upper.resolve("new")).mode()).isEqualTo(040755);
  }

  /// Each must be refused, or come out harmless; the canary must live either way.
  private Map<String, TestLayer> hostile() {
    var up = "../".repeat(12);
    var to = canary.toString();
    var file = to + "/file";
    var cases = new LinkedHashMap<String, TestLayer>();
    cases.put("dot dot", new TestLayer().file("../canary/file", "dead"));
    cases.put("dot dot inside", new TestLayer().file("a/../../canary/file", "dead"));
    cases.put("many dot dots", new TestLayer().file(up + file.substring(1), "dead"));
    cases.put("dot dot directory", new TestLayer().directory("../canary", 0));
    cases.put("dot dot only", new TestLayer().directory("..", 0));
    cases.put("absolute", new TestLayer().file(file, "dead"));
    cases.put("absolute with slashes", new TestLayer().file("//" + file, "dead"));
    cases.put("through absolute link", new TestLayer().symlink("l", to).file("l/file", "dead"));
    cases.put(
        "through relative link", new TestLayer().symlink("l", "../../canary").file("l/file", "x"));
    cases.put("through link to root", new TestLayer().symlink("l", "/").file("l" + file, "dead"));
    cases.put(
        "through chain", new TestLayer().symlink("a", "b").symlink("b", to).file("a/file", "x"));
    cases.put(
        "link in the middle", new TestLayer().symlink("d/l", "../" + up).file("d/l" + file, "x"));
    cases.put("over a link", new TestLayer().symlink("l", file).file("l", "dead"));
    cases.put(
        "directory over a link",
        new TestLayer().symlink("l", to).directory("l", 0).file("l/file", "x"));
    cases.put("hard link out", new TestLayer().hardlink("h", file).file("h", "dead"));
    cases.put("hard link up", new TestLayer().hardlink("h", up + file.substring(1)));
    cases.put("hard link through link", new TestLayer().symlink("l", to).hardlink("h", "l/file"));
    cases.put(
        "hard link to link", new TestLayer().symlink("l", file).hardlink("h", "l").file("h", "x"));
    cases.put("hard link to itself", new TestLayer().file("h", "x").hardlink("h", "h"));
    cases.put("hard link to root", new TestLayer().hardlink("h", "/"));
    cases.put("hard link to directory", new TestLayer().directory("d", 0755).hardlink("h", "d"));
    cases.put("hard link to nothing", new TestLayer().hardlink("h", "nothing"));
    cases.put("whiteout up", new TestLayer().file("../canary/.wh.file", ""));
    cases.put("whiteout of dot dot", new TestLayer().file(".wh...", ""));
    cases.put("whiteout of dot", new TestLayer().file(".wh..", ""));
    cases.put("whiteout of nothing", new TestLayer().file(".wh.", ""));
    cases.put("whiteout through link", new TestLayer().symlink("l", to).file("l/.wh.file", ""));
    cases.put("opaque through link", new TestLayer().symlink("l", to).file("l/.wh..wh..opq", ""));
    cases.put("whiteout of own parent", new TestLayer().file("a/b", "").file(".wh.a", ""));
    cases.put("device through link", new TestLayer().symlink("l", to).device("l/n", 1, 3));
    cases.put("fifo through link", new TestLayer().symlink("l", to).fifo("l/p"));
    cases.put("link through link", new TestLayer().symlink("l", to).symlink("l/m", "x"));
    cases.put("directory through link", new TestLayer().symlink("l", to).directory("l/d", 0777));
    cases.put("mode through link", new TestLayer().symlink("l", file).hardlink("m", "l"));
    cases.put("file as parent", new TestLayer().file("f", "").file("f/x", ""));
    cases.put("root as file", new TestLayer().file("./.", "dead"));
    cases.put("root as link", new TestLayer().symlink("./", to).file("file", "x"));
    cases.put("root whiteout", new TestLayer().file(".wh..wh..opq", ""));
    cases.put("long component", new TestLayer().file("n".repeat(300), "x"));
    cases.put("long path", new TestLayer().file("n/".repeat(2100) + "x", "x"));
    cases.put("deep path", new TestLayer().file("n/".repeat(1900) + "x", "x"));
    cases.put("bomb", new TestLayer().file("zeros", "\0".repeat(5 << 20)));
    cases.put(
        "sparse bomb",
        new TestLayer()
            .withHeaders(
                "f",
                Map.of("GNU.sparse.map", "0,1", "GNU.sparse.size", "999999999999999999"),
                "x"));
    cases.put("many directories", manyDirectories());
    cases.put("directory again and again", again());
    cases.put("nul in a link", new TestLayer().symlink("l", "a\0b"));
    cases.put("empty link", new TestLayer().symlink("l", ""));
    cases.put("empty name", new TestLayer().file("", "x"));
    return cases;
  }

  private static TestLayer manyDirectories() {
    var layer = new TestLayer();
    for (int i = 0; i < 6000; i++) {
      layer.directory("n".repeat(200) + i, 0755);
    }
    return layer;
  }

  private static TestLayer again() {
    var layer = new TestLayer();
    for (int i = 0; i < 1500; i++) {
      layer.directory("d", 0755).file("d", "");
    }
    return layer;
  }

  @Test
  void hostileLayersTouchNothingOutside() throws Exception {
    var harmless = new ArrayList<String>();
    var cases = hostile();
    assertThat(cases).hasSizeGreaterThanOrEqualTo(40);
    for (var each : cases.entrySet()) {
      try {
        var layer = unpack(each.getValue().gzip());
        Settling.settle(layer, pending, List.of(), () -> {});
        harmless.add(each.getKey());
      } catch (ImageException e) {
        assertThat(e.kind()).as(each.getKey()).isIn(Kind.CORRUPT, Kind.TOO_LARGE);
        assertThat(e.getMessage())
            .as(each.getKey())
            .containsPattern("^(layer sha256:|has a hard link to no file)");
      } catch (IOException e) {
        fail(each.getKey() + " is the layer's fault, not the disk's", e);
      }
      canaryLives();
    }
    assertThat(harmless)
        .containsExactlyInAnyOrder(
            "absolute",
            "absolute with slashes",
            "over a link",
            "directory over a link",
            "hard link out",
            "hard link to link",
            "mode through link",
            "whiteout through link",
            "opaque through link",
            "whiteout of own parent",
            "root as file",
            "root as link",
            "root whiteout",
            "nul in a link",
            "empty name");
  }

  @Test
  void aLayerThatIsNotWhatItSaysIsRefused() throws Exception {
    var blob = new TestLayer().file("f", "x".repeat(100_000)).gzip();
    var wrong = blob.content().clone();
    wrong[wrong.length / 2] ^= 1;
    refused(blob, wrong, blob.diffId(), Kind.WRONG_BYTES, "has digest");
    refused(blob, blob.content(), Digest.ofSha256(new byte[0]), Kind.CORRUPT, "archive has digest");
    var longer = Arrays.copyOf(blob.content(), blob.content().length + 1);
    refused(blob, longer, blob.diffId(), Kind.WRONG_BYTES, "longer than");
    var shorter = Arrays.copyOf(blob.content(), blob.content().length - 1);
    assertThatThrownBy(() -> unpack(blob, shorter, blob.diffId()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ended after");
    var cut = Arrays.copyOf(blob.content(), blob.content().length / 2);
    var cutBlob = new TestLayer.Blob(blob.tar(), cut, "");
    refused(cutBlob, cut, cutBlob.diffId(), Kind.CORRUPT, "cut short");
  }

  private void refused(TestLayer.Blob blob, byte[] served, Digest diffId, Kind kind, String text) {
    assertThatThrownBy(() -> unpack(blob, served, diffId))
        .isInstanceOfSatisfying(ImageException.class, e -> assertThat(e.kind()).isEqualTo(kind))
        .hasMessageContaining(text);
  }

  @Test
  void randomBytesAreRefused() throws Exception {
    var random = new Random(20261121);
    for (int i = 0; i < 200; i++) {
      var bytes = new byte[random.nextInt(3000)];
      random.nextBytes(bytes);
      if (bytes.length > 4 && i % 3 == 0) {
        bytes[0] = 0x1f;
        bytes[1] = (byte) 0x8b;
        bytes[2] = 8;
      } else if (bytes.length > 4 && i % 3 == 1) {
        System.arraycopy(new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd}, 0, bytes, 0, 4);
      }
      var blob = new TestLayer.Blob(bytes, bytes, "");
      if (bytes.length > 0) {
        assertThatThrownBy(() -> unpack(blob)).isInstanceOf(ImageException.class);
      }
    }
    canaryLives();
  }
}
