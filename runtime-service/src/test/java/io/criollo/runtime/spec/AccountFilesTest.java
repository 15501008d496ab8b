// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.runtime.state.Refusal;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(10)
class AccountFilesTest {
  @TempDir private Path directory;
  private Path rootfs;
  private Path passwd;

  @BeforeEach
  void makeTree() throws IOException {
    rootfs = Files.createDirectory(directory.resolve("rootfs"));
    passwd = Files.createDirectory(rootfs.resolve("etc")).resolve("passwd");
  }

  @Test
  void missingFilesAreEmpty() throws IOException {
    assertThat(files().user(0)).isEmpty();
    Files.delete(rootfs.resolve("etc"));
    assertThat(files().user(0)).isEmpty();
    assertThat(files().groupsOf("web")).isEmpty();
    Files.createFile(rootfs.resolve("etc"));
    assertThat(files().user(0)).isEmpty();
  }

  @Test
  void linksStayInsideTheRoot() throws IOException {
    Files.writeString(directory.resolve("secret"), "web:x:7:7::/:\n");
    Files.createSymbolicLink(passwd, directory.resolve("secret"));
    assertThat(files().user("web")).isEmpty();
    Files.delete(passwd);
    Files.createSymbolicLink(passwd, Path.of("../../../../../../secret"));
    assertThat(files().user("web")).isEmpty();
    Files.writeString(rootfs.resolve("secret"), "web:x:8:8::/:\n");
    assertThat(files().user("web").orElseThrow().uid()).isEqualTo(8);
  }

  @Test
  void onlyRegularFilesAreRead() throws Exception {
    assertThat(new ProcessBuilder("mkfifo", passwd.toString()).start().waitFor()).isZero();
    refused();
    Files.delete(passwd);
    Files.createDirectory(passwd);
    refused();
  }

  @Test
  void hugeFileIsRefusedUnread() throws IOException {
    try (var file = new RandomAccessFile(passwd.toFile(), "rw")) {
      file.setLength(8L << 30);
    }
    refused();
  }

  @Test
  void malformedLinesArePassedOver() throws IOException {
    Files.writeString(
        passwd,
        """
        short:x:1
        :x:5:5::/:
        neg:x:-5:5::/:
        big:x:4294967296:0::/:
        nogid:x:5::/:
        ctl:x:6:6::/a\tb:
        web:x:5:5
        """);
    assertThat(files().user(5).orElseThrow().name()).isEqualTo("web");
    assertThat(files().user("web").orElseThrow().home()).isEqualTo("/");
    assertThat(files().user("ctl").orElseThrow().home()).isEqualTo("/");
    assertThat(files().user("neg")).isEmpty();
    assertThat(files().user("big")).isEmpty();
    assertThat(files().user("nogid")).isEmpty();
  }

  @Test
  @Timeout(value = 20, unit = TimeUnit.SECONDS)
  void hostileContentCostsNoMoreThanItsSize() throws IOException {
    Files.writeString(passwd, ":".repeat(8 << 20));
    assertThat(files().user("web")).isEmpty();
    Files.writeString(passwd, "\n".repeat((8 << 20) - 20) + "web:x:5:5::/:\n");
    assertThat(files().user("web")).isPresent();
    Files.writeString(passwd, "y:".repeat(1 << 20) + "\nweb:x:5:5::/:\n");
    assertThat(files().user("web")).isPresent();
  }

  @Test
  void randomContentNeverFails() throws IOException {
    var random = new Random(20261121);
    var letters = "web:x05\n,-9\0é".getBytes(StandardCharsets.UTF_8);
    for (int round = 0; round < 300; round++) {
      var content = new byte[random.nextInt(400)];
      for (int i = 0; i < content.length; i++) {
        content[i] = letters[random.nextInt(letters.length)];
      }
      Files.write(passwd, content);
      Files.write(rootfs.resolve("etc/group"), content);
      files().user("web").ifPresent(account -> assertThat(account.uid()).isNotNegative());
      assertThat(files().groupsOf("web")).allMatch(gid -> gid >= 0);
      files().group("web").ifPresent(gid -> assertThat(gid).isNotNegative());
    }
  }

  private void refused() {
    assertThatThrownBy(() -> files().user("web"))
        .isInstanceOf(Refusal.FailedPrecondition.class)
        .hasMessageContaining("/etc/passwd of the image");
  }

  private AccountFiles files() {
    return AccountFiles.of(rootfs);
  }
}
