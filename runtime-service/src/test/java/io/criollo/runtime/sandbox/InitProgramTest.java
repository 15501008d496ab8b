// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.runtime.state.Refusal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InitProgramTest {
  @TempDir Path folder;

  @Test
  void theConfiguredProgramWins() throws Exception {
    var configured = executable("mine");
    var usual = executable("usual");

    assertThat(new InitProgram(Optional.of(configured), List.of(usual)).find())
        .isEqualTo(configured);
    assertThat(new InitProgram(Optional.empty(), List.of(folder.resolve("no"), usual)).find())
        .isEqualTo(usual);
  }

  @Test
  void aMissingProgramNamesThePackage() throws Exception {
    var plain = Files.createFile(folder.resolve("plain"));

    refused(new InitProgram(Optional.of(plain), List.of(executable("usual"))), "pod_init_path");
    refused(new InitProgram(Optional.empty(), List.of(plain)), plain.toString());
  }

  private static void refused(InitProgram program, String text) {
    assertThatThrownBy(program::find)
        .isInstanceOf(Refusal.FailedPrecondition.class)
        .hasMessageContaining(text)
        .hasMessageContaining("package catatonit");
  }

  private Path executable(String name) throws Exception {
    return Files.createFile(
        folder.resolve(name),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
  }
}
