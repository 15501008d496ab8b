// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MountsKernelTest {
  private Path dir;

  /// A tmpfs of its own: an overlay needs an upper that is no overlay, and all is gone with it.
  @BeforeEach
  void makeGround() throws Exception {
    dir = Files.createTempDirectory("mounts").toRealPath();
    Mounts.tmpfs(dir, 64 << 20, 0755);
    Mounts.propagation(dir, Mounts.MS_PRIVATE);
  }

  @AfterEach
  void dropGround() throws Exception {
    Mounts.unmountDetached(dir);
    Files.delete(dir);
    assertThat(MountInfo.self()).noneMatch(mount -> mount.mountPoint().startsWith(dir));
  }

  private Path folder(String name) throws Exception {
    return Files.createDirectories(dir.resolve(name));
  }

  private MountInfo at(Path path) throws Exception {
    return MountInfo.self().stream()
        .filter(m -> m.mountPoint().equals(path))
        .reduce((a, b) -> b)
        .orElseThrow();
  }

  @Test
  void tmpfsHasSizeModeAndSafeFlags() throws Exception {
    var shm = folder("shm");
    Mounts.tmpfs(shm, 1 << 20, 01777);
    assertThat(StatFs.of(shm).total()).isEqualTo(1 << 20);
    assertThat(StatFs.of(shm).type()).isEqualTo(StatFs.TMPFS_MAGIC);
    assertThat(at(shm).options()).contains("nosuid", "nodev", "noexec");
    try (var parent = DirFd.open(dir)) {
      assertThat(parent.stat("shm").permissions()).isEqualTo(01777);
    }
  }

  @Test
  void bindsDirectoriesAndFiles() throws Exception {
    var source = folder("source");
    Files.writeString(source.resolve("f"), "text");
    var target = folder("target");
    Mounts.bind(source, target);
    assertThat(target.resolve("f")).hasContent("text");
    Mounts.bindFile(source.resolve("f"), dir.resolve("new-file"));
    assertThat(dir.resolve("new-file")).hasContent("text");
    Mounts.unmount(dir.resolve("new-file"));
    assertThat(dir.resolve("new-file")).isEmptyFile();
  }

  @Test
  void readOnlyBindsAreReadOnlyAndTheSourceIsNot() throws Exception {
    var source = folder("source");
    var target = folder("target");
    Mounts.bindReadOnly(source, target);
    assertThatThrownBy(
            () -> Fd.open(target.resolve("x"), OpenFlags.O_CREAT | OpenFlags.O_WRONLY, 0600))
        .hasMessageContaining("EROFS");
    Files.writeString(source.resolve("y"), "");
    assertThat(at(target).options()).contains("ro");
  }

  @Test
  void recursiveReadOnlyReachesTheMountsBelow() throws Exception {
    var source = folder("source");
    Mounts.tmpfs(folder("source/inner"), 1 << 20, 0755);
    var target = folder("target");
    Mounts.bindReadOnlyRecursive(source, target);
    assertThat(at(target.resolve("inner")).options()).contains("ro");
    assertThat(at(source.resolve("inner")).options()).contains("rw");
  }

  @Test
  void propagationIsSet() throws Exception {
    var target = folder("target");
    Mounts.bind(target, target);
    Mounts.propagation(target, Mounts.MS_SHARED);
    assertThat(at(target).optional()).anyMatch(field -> field.startsWith("shared:"));
    Mounts.propagation(target, Mounts.MS_SLAVE | Mounts.MS_REC);
    assertThat(at(target).optional()).noneMatch(field -> field.startsWith("shared:"));
    assertThatThrownBy(() -> Mounts.propagation(folder("plain"), Mounts.MS_SHARED))
        .hasMessage("change propagation of " + dir.resolve("plain") + ": EINVAL (0x100000)");
  }

  @Test
  void overlayMergesAndWritesToUpper() throws Exception {
    Files.writeString(folder("a").resolve("file"), "from a");
    Files.writeString(folder("b").resolve("file"), "from b");
    Files.writeString(folder("b").resolve("other"), "from b");
    overlay(List.of(dir.resolve("a"), dir.resolve("b")));
    var merged = dir.resolve("merged");
    assertThat(merged.resolve("file")).hasContent("from a");
    assertThat(merged.resolve("other")).hasContent("from b");
    Files.writeString(merged.resolve("file"), "changed");
    assertThat(dir.resolve("upper/file")).hasContent("changed");
    assertThat(dir.resolve("a/file")).hasContent("from a");
    assertThat(StatFs.of(merged).type()).isEqualTo(StatFs.OVERLAYFS_MAGIC);
  }

  private void overlay(List<Path> lowers) throws Exception {
    Mounts.overlay(
        lowers,
        Optional.of(folder("upper")),
        Optional.of(folder("work")),
        folder("merged"),
        List.of("volatile"));
  }

  @Test
  void overlayWithoutUpperIsReadOnly() throws Exception {
    Files.writeString(folder("a").resolve("file"), "from a");
    folder("b");
    Mounts.overlay(
        List.of(dir.resolve("a"), dir.resolve("b")),
        Optional.empty(),
        Optional.empty(),
        folder("merged"),
        List.of());
    assertThat(dir.resolve("merged/file")).hasContent("from a");
    assertThat(at(dir.resolve("merged")).superOptions()).contains("ro");
  }

  @Test
  void namesWithSeparatorsAreNoSeparators() throws Exception {
    Files.writeString(folder("a:b,c\\d").resolve("file"), "x");
    Files.writeString(folder("e").resolve("other"), "y");
    overlay(List.of(dir.resolve("a:b,c\\d"), dir.resolve("e")));
    assertThat(dir.resolve("merged/file")).hasContent("x");
    assertThat(dir.resolve("merged/other")).hasContent("y");
  }

  @Test
  void moreLayersThanAPageOfOptions() throws Exception {
    org.junit.jupiter.api.Assumptions.assumeTrue(
        KernelFeatures.running().overlayManyLayers(), "overlay by fsconfig needs Linux 6.5");
    var lowers = new ArrayList<Path>();
    for (var i = 0; i < 100; i++) {
      var lower =
          folder("layer-with-a-name-as-long-as-a-digest-0123456789abcdef0123456789abcdef-" + i);
      Files.writeString(lower.resolve("file"), "layer " + i);
      Files.writeString(lower.resolve("only-" + i), "x");
      lowers.add(lower);
    }
    lowers.add(folder("l".repeat(200) + "/" + "m:,\\".repeat(40)));
    overlay(lowers);
    assertThat(dir.resolve("merged/file")).hasContent("layer 0");
    assertThat(dir.resolve("merged").toFile().list()).hasSize(101);
    Files.writeString(dir.resolve("merged/new"), "n");
    assertThat(dir.resolve("upper/new")).exists();
    assertThat(at(dir.resolve("merged")).superOptions()).anyMatch(o -> o.endsWith("volatile"));
  }

  @Test
  void aRefusedOverlaySaysWhy() throws Exception {
    folder("merged");
    assertThatThrownBy(() ->
            Mounts.overlay(
                List.of(dir.resolve("absent"), dir.resolve("absent2")),
                Optional.empty(),
                Optional.empty(),
                dir.resolve("merged"),
                List.of()))
        .hasMessageStartingWith(
            "mount overlay on " + dir.resolve("merged") + ": ENOENT (lowerdir=");
    var many = new ArrayList<Path>();
    for (var i = 0; i < 100; i++) {
      many.add(dir.resolve("absent-absent-absent-absent-absent-absent-absent-" + i));
    }
    assertThatThrownBy(() -> overlay(many)).hasMessageContaining("absent-absent");
  }

  @Test
  void anUnknownFileSystemIsNamed() throws Exception {
    assertThatThrownBy(() -> Mounts.mount("none", folder("x"), "nosuchfs", 0, ""))
        .hasMessageContaining("ENODEV (this kernel has no file system nosuchfs)");
  }

  @Test
  void whatIsNotMountedIsNoErrorWhenAskedSo() throws Exception {
    assertThat(Mounts.unmountIfMounted(folder("plain"))).isFalse();
    assertThat(Mounts.unmountIfMounted(dir.resolve("absent"))).isFalse();
    assertThatThrownBy(() -> Mounts.unmount(dir.resolve("plain")))
        .hasMessageContaining("EINVAL (not mounted)");
    Mounts.tmpfs(dir.resolve("plain"), 4096, 0700);
    assertThat(Mounts.isMountPoint(dir.resolve("plain"))).isTrue();
    assertThat(Mounts.unmountIfMounted(dir.resolve("plain"))).isTrue();
    assertThat(Mounts.isMountPoint(dir.resolve("plain"))).isFalse();
  }

  @Test
  void aLinkIsNotFollowedByUnmount() throws Exception {
    Mounts.tmpfs(folder("real"), 4096, 0700);
    var link = Files.createSymbolicLink(dir.resolve("link"), dir.resolve("real"));
    assertThatThrownBy(() -> Mounts.unmount(link)).isInstanceOf(LinuxException.class);
    assertThat(Mounts.isMountPoint(dir.resolve("real"))).isTrue();
  }

  @Test
  void removeTreeDoesNotEnterMounts() throws Exception {
    var tree = folder("tree/inner");
    Mounts.tmpfs(tree, 1 << 20, 0755);
    Files.writeString(tree.resolve("keep"), "x");
    assertThatThrownBy(() -> DirFd.removeTree(dir.resolve("tree"))).hasMessageContaining("EBUSY");
    assertThat(tree.resolve("keep")).hasContent("x");
    Mounts.unmount(tree);
    DirFd.removeTree(dir.resolve("tree"));
    assertThat(dir.resolve("tree")).doesNotExist();
  }

  @Test
  void xattrsKeepTheirBytes() throws Exception {
    var file = Files.writeString(dir.resolve("f"), "");
    Files.createSymbolicLink(dir.resolve("l"), Path.of("f"));
    var value = new byte[] {1, 0, (byte) 0xC0, (byte) 0xFF};
    try (var parent = DirFd.open(dir);
        var fd = Fd.open(file, OpenFlags.O_PATH, 0)) {
      Xattrs.set(fd, "trusted.overlay.opaque", value);
      assertThat(Xattrs.get(parent, "f", "trusted.overlay.opaque")).hasValue(value);
      Xattrs.set(parent, "l", "trusted.link", "é".getBytes(UTF_8));
      assertThat(Xattrs.list(parent, "l"))
          .contains("trusted.link")
          .doesNotContain("trusted.overlay.opaque");
      assertThat(Xattrs.list(fd)).contains("trusted.overlay.opaque");
      Xattrs.remove(fd, "trusted.overlay.opaque");
      assertThat(Xattrs.get(fd, "trusted.overlay.opaque")).isEmpty();
      assertThatThrownBy(() -> Xattrs.set(parent, "../f", "trusted.x", value))
          .hasMessageContaining("EINVAL");
      Xattrs.set(fd, "trusted.empty", new byte[0]);
      assertThat(Xattrs.get(fd, "trusted.empty").orElseThrow()).isEmpty();
    }
  }

  @Test
  void deviceNodesKeepTheirNumbers() throws Exception {
    try (var parent = DirFd.open(dir)) {
      parent.mknod("null", FileStat.S_IFCHR | 0600, 1, 3);
      parent.mknod("large", FileStat.S_IFBLK | 0600, 4095, 1048575);
      assertThat(parent.stat("null").rdevMinor()).isEqualTo(3);
      assertThat(parent.stat("large").rdevMajor()).isEqualTo(4095);
      assertThat(parent.stat("large").rdevMinor()).isEqualTo(1048575);
    }
  }
}
