// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.runtime.state.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageVolumesTest {
  @TempDir private Path directory;
  private Path rootfs;

  @BeforeEach
  void makeRoot() throws IOException {
    rootfs = Files.createDirectory(directory.resolve("rootfs"));
  }

  @Test
  void missingDirectoriesAreMade() throws IOException {
    ImageVolumes.make(rootfs, List.of("/var/lib/data", "relative", "/"), Optional.empty());
    assertThat(rootfs.resolve("relative")).isDirectory();
    var made = Files.getPosixFilePermissions(rootfs.resolve("var/lib/data"));
    assertThat(PosixFilePermissions.toString(made)).isEqualTo("rwxr-xr-x");
    ImageVolumes.make(rootfs, List.of("/var/lib/data"), Optional.empty());
  }

  @Test
  void linksStayInTheRoot() throws IOException {
    Files.createSymbolicLink(rootfs.resolve("out"), directory);
    Files.createSymbolicLink(rootfs.resolve("up"), Path.of("../../.."));
    ImageVolumes.make(rootfs, List.of("/out/made", "/up/also"), Optional.empty());
    assertThat(directory.resolve("made")).doesNotExist();
    assertThat(rootfs.resolve("also")).isDirectory();
  }

  @Test
  void whatIsThereInTheWayIsLeftAlone() throws IOException {
    Files.writeString(rootfs.resolve("file"), "kept");
    ImageVolumes.make(rootfs, List.of("/file", "/file/below"), Optional.empty());
    assertThat(rootfs.resolve("file")).hasContent("kept");
  }

  @Test
  void hostileListsAreRefused() {
    for (var volume : List.of("/a/../../etc", "a\0", "/a\nb")) {
      assertThatThrownBy(() -> ImageVolumes.make(rootfs, List.of(volume), Optional.empty()))
          .isInstanceOf(Refusal.InvalidArgument.class)
          .hasMessageContaining("volume of the image");
    }
    assertThatThrownBy(
            () -> ImageVolumes.make(rootfs, Collections.nCopies(1001, "/a"), Optional.empty()))
        .isInstanceOf(Refusal.InvalidArgument.class);
  }
}
