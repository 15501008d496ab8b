// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir Path dir;

  @Test
  void replacesAWholeFile() throws Exception {
    var file = dir.resolve("state.json");
    AtomicFile.write(file, "old and longer".getBytes(UTF_8));
    AtomicFile.writeVolatile(file, "new".getBytes(UTF_8));
    assertThat(file).hasContent("new");
    assertThat(dir.toFile().list()).containsExactly("state.json");
  }

  @Test
  void replacesALinkInsteadOfFollowingIt() throws Exception {
    var target = Files.writeString(dir.resolve("target"), "kept");
    var link = Files.createSymbolicLink(dir.resolve("link"), target);
    AtomicFile.write(link, "new".getBytes(UTF_8));
    assertThat(target).hasContent("kept");
    assertThat(Files.isSymbolicLink(link)).isFalse();
  }

  @Test
  void aFailureLeavesNothingBehind() throws Exception {
    Files.createDirectories(dir.resolve("taken/x"));
    assertThatThrownBy(() -> AtomicFile.write(dir.resolve("taken"), new byte[1]))
        .hasMessageStartingWith("write " + dir.resolve("taken") + ": EISDIR");
    assertThat(dir.toFile().list()).containsExactly("taken");
  }

  @Test
  void sweepRemovesWhatACrashLeft() throws Exception {
    Files.writeString(dir.resolve(".state.json.123-4.tmp"), "torn");
    Files.writeString(dir.resolve("state.json"), "whole");
    Files.writeString(dir.resolve(".other"), "x");
    AtomicFile.sweep(dir);
    assertThat(dir.toFile().list()).containsExactlyInAnyOrder("state.json", ".other");
  }
}
