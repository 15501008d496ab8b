// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.runtime.state.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RootfsCheckTest {
  @TempDir private Path rootfs;

  @ParameterizedTest
  @ValueSource(strings = {"dev", "proc", "sys"})
  void linkWhereTheRuntimeMountsIsRefused(String name) throws IOException {
    Files.createSymbolicLink(rootfs.resolve(name), Path.of("/tmp"));
    refused("", "/" + name);
    Files.delete(rootfs.resolve(name));
    Files.createFile(rootfs.resolve(name));
    refused("", "/" + name);
    Files.delete(rootfs.resolve(name));
    Files.createDirectory(rootfs.resolve(name));
    check("");
  }

  @Test
  void workingDirectoryMustNotBeAFile() throws IOException {
    Files.createFile(rootfs.resolve("file"));
    refused("/file", "working dir /file");
    refused("/file/below", "/file/below: a part of it is no directory");
    check("/missing/is/made");
  }

  @Test
  void linkOfTheWorkingDirectoryStaysInTheRoot() throws IOException {
    Files.createSymbolicLink(rootfs.resolve("link"), Path.of("/etc/passwd"));
    check("/link");
    Files.createDirectory(rootfs.resolve("etc"));
    Files.createFile(rootfs.resolve("etc/passwd"));
    refused("/link", "working dir /link");
  }

  @Test
  void mountHidesWhatTheImageHolds() throws IOException {
    Files.createFile(rootfs.resolve("file"));
    var input =
        Inputs.container(c -> {
          c.setWorkingDir("/file/below");
          c.addMountsBuilder().setContainerPath("/file").setHostPath("/tmp");
        });
    RootfsCheck.check(at(input));
  }

  private void refused(String directory, String text) {
    assertThatThrownBy(() -> check(directory))
        .isInstanceOf(Refusal.FailedPrecondition.class)
        .hasMessageContaining(text);
  }

  private void check(String directory) {
    RootfsCheck.check(at(Inputs.container(c -> c.setWorkingDir(directory))));
  }

  private SpecInput at(SpecInput input) {
    assertThat(rootfs).exists();
    return Inputs.withPaths(
        input,
        new PodPaths(
            NamespacePaths.NONE, rootfs, rootfs, rootfs, "/c", rootfs, rootfs, Optional.empty()));
  }
}
