// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class KernelFileTest {
  private static final int LIMIT = 64 << 20;

  private static Fd open(Path file) throws LinuxException {
    return Fd.open(file, OpenFlags.O_RDONLY, 0);
  }

  @Test
  void shortContentIsReadAgainAndAgain() throws Exception {
    var file = Path.of("/proc/self/comm");
    try (var open = open(file)) {
      assertThat(KernelFile.read(open, LIMIT)).isEqualTo(Files.readString(file));
      assertThat(KernelFile.read(open, LIMIT)).isEqualTo(Files.readString(file)).endsWith("\n");
    }
  }

  @Test
  void contentThatTheKernelGivesPageByPageIsReadWhole() throws Exception {
    try (var open = open(Path.of("/proc/self/smaps"))) { // some hundred bytes for each mapping
      var content = KernelFile.read(open, LIMIT);
      assertThat(content).hasSizeGreaterThan(16 << 10).contains("[stack]", "[vdso]");
      assertThat(count(content, "Rss:")).isEqualTo(count(content, "VmFlags:")).isGreaterThan(30);
      assertThatThrownBy(() -> KernelFile.read(open, 10_000)).hasMessageContaining("EFBIG");
    }
  }

  private static long count(String content, String field) {
    return content.lines().filter(line -> line.startsWith(field)).count();
  }
}
