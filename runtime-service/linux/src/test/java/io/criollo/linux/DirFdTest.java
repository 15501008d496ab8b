// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirFdTest {
  @TempDir Path temp;

  @Test
  void makesAndNamesEntries() throws Exception {
    try (var dir = DirFd.open(temp)) {
      dir.mkdir("d", 0700);
      dir.symlink("/nowhere", "l");
      dir.mkfifo("p", 0600);
      dir.openFile("f", OpenFlags.O_WRONLY | OpenFlags.O_CREAT, 0600).close();
      dir.link(dir, "f", "hard");
      dir.rename(dir, "f", "g");
      assertThat(dir.readLink("l")).isEqualTo("/nowhere");
      assertThat(dir.stat("l").isSymbolicLink()).isTrue();
      assertThat(dir.stat("g").links()).isEqualTo(2);
      assertThat(dir.list())
          .extracting(DirEntry::name)
          .containsExactlyInAnyOrder("d", "l", "p", "hard", "g");
      assertThat(dir.find("absent")).isEmpty();
      dir.unlink("hard");
      dir.rmdir("d");
      assertThat(dir.list()).hasSize(3);
    }
  }

  @Test
  void namesAreSingleComponents() throws Exception {
    try (var dir = DirFd.open(temp)) {
      for (var name : new String[] {"", ".", "..", "a/b", "/"}) {
        assertThatThrownBy(() -> dir.mkdir(name, 0700)).hasMessageContaining("EINVAL");
        assertThatThrownBy(() -> dir.rename(dir, "x", name)).hasMessageContaining("EINVAL");
        assertThatThrownBy(() -> dir.removeTree(name)).hasMessageContaining("EINVAL");
      }
    }
  }

  @Test
  void linksAreNotFollowed() throws Exception {
    Files.writeString(temp.resolve("target"), "x");
    try (var dir = DirFd.open(temp)) {
      dir.symlink("target", "l");
      dir.symlink(".", "ld");
      assertThatThrownBy(() -> dir.openFile("l", OpenFlags.O_RDONLY, 0))
          .hasMessageContaining("ELOOP");
      assertThatThrownBy(() -> dir.openDir("ld")).isInstanceOf(LinuxException.class);
      assertThatThrownBy(() -> dir.chmod("l", 0777)).hasMessageContaining("ELOOP");
      var time = Instant.ofEpochSecond(1_000_000_000, 123_456_789);
      dir.utimens("l", time, time);
      assertThat(dir.stat("l").mtime()).isEqualTo(time);
      assertThat(dir.stat("target").mtime()).isNotEqualTo(time);
    }
  }

  @Test
  void namesThatAreNotUtf8Survive() throws Exception {
    var name =
        KernelString.decode(new byte[] {'a', (byte) 0xFF, (byte) 0xC3, (byte) 0xA9, (byte) 0xC3});
    try (var dir = DirFd.open(temp)) {
      dir.openFile(name, OpenFlags.O_WRONLY | OpenFlags.O_CREAT, 0600).close();
      assertThat(dir.list()).singleElement().extracting(DirEntry::name).isEqualTo(name);
      dir.unlink(name);
      assertThat(dir.list()).isEmpty();
    }
  }

  @Test
  void anyBytesSurviveAsAString() {
    var random = new Random(20261121);
    for (var i = 0; i < 20_000; i++) {
      var bytes = new byte[random.nextInt(12)];
      random.nextBytes(bytes);
      assertThat(KernelString.encode(KernelString.decode(bytes))).isEqualTo(bytes);
    }
  }

  @Test
  void listsManyEntries() throws Exception {
    for (var i = 0; i < 3000; i++) {
      Files.createFile(temp.resolve("a-rather-long-file-name-" + i));
    }
    try (var dir = DirFd.open(temp)) {
      assertThat(dir.list()).hasSize(3000);
      assertThat(dir.list()).hasSize(3000);
    }
  }

  @Test
  void removesATreeAndNothingElse() throws Exception {
    var outside = Files.createDirectory(temp.resolve("outside"));
    Files.writeString(outside.resolve("keep"), "x");
    var tree = Files.createDirectory(temp.resolve("tree"));
    Files.createSymbolicLink(tree.resolve("link"), outside);
    for (var i = 0; i < 50; i++) {
      Files.createDirectories(tree.resolve("a" + i + "/b/c"));
      Files.writeString(tree.resolve("a" + i + "/b/f"), "x");
    }
    for (var i = 0; i < 2000; i++) {
      Files.createFile(tree.resolve("a1/b/file-" + i));
    }
    DirFd.removeTree(tree);
    assertThat(tree).doesNotExist();
    assertThat(outside.resolve("keep")).exists();
    DirFd.removeTree(tree);
    DirFd.removeTree(temp.resolve("no/such"));
  }

  @Test
  void removesALinkOrFileItself() throws Exception {
    var target = Files.createDirectory(temp.resolve("target"));
    var link = Files.createSymbolicLink(temp.resolve("link"), target);
    DirFd.removeTree(link);
    assertThat(Files.exists(link, LinkOption.NOFOLLOW_LINKS)).isFalse();
    assertThat(target).exists();
  }

  @Test
  void removesATreeDeeperThanAnyPath() throws Exception {
    var deep = 3000;
    Files.createDirectory(temp.resolve("tree"));
    try (var parent = DirFd.open(temp)) {
      var dir = parent.openDir("tree");
      for (var i = 0; i < deep; i++) {
        dir.mkdir("directory", 0700);
        dir.openFile("file", OpenFlags.O_WRONLY | OpenFlags.O_CREAT, 0600).close();
        var next = dir.openDir("directory");
        dir.close();
        dir = next;
      }
      dir.close();
    }
    DirFd.removeTree(temp.resolve("tree"));
    assertThat(temp.resolve("tree")).doesNotExist();
  }

  @Test
  void deviceNumbersOutOfRangeAreRefused() {
    assertThatThrownBy(() -> DirFd.device(4096, 0)).hasMessageContaining("EINVAL");
    assertThatThrownBy(() -> DirFd.device(1, 1 << 20)).hasMessageContaining("EINVAL");
  }
}
