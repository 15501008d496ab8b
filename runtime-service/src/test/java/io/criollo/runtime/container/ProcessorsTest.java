// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessorsTest {
  private static final String QEMU =
      """
      enabled
      interpreter /usr/bin/qemu-riscv64
      flags: POCF
      offset 0
      magic 7f454c460201010000000000000000000200f300
      """;

  @TempDir Path dir;

  @ParameterizedTest
  @CsvSource({
    "amd64, amd64, true",
    "amd64, x86_64, true",
    "amd64, 386, true",
    "amd64, i386, true",
    "amd64, '', true",
    "amd64, arm64, false",
    "arm64, arm, true",
    "arm64, amd64, false",
    "riscv64, 386, false",
  })
  void programsRunOnTheirProcessorAndOnItsSuccessor(String own, String of, boolean run) {
    assertThat(new Processors(own, dir.resolve("none")).run(of)).isEqualTo(run);
  }

  @Test
  void anInterpreterOfProgramsMayBeForAny() throws IOException {
    var amd64 = new Processors("amd64", dir);
    Files.writeString(dir.resolve("status"), "enabled\n");
    Files.writeString(dir.resolve("python3.13"), "enabled\noffset 0\nmagic f30d0d0a\n");
    Files.writeString(dir.resolve("qemu-riscv64"), QEMU.replace("enabled", "disabled"));
    assertThat(amd64.run("riscv64")).isFalse();

    Files.writeString(dir.resolve("qemu-riscv64"), QEMU);
    assertThat(amd64.run("riscv64")).isTrue();
  }
}
