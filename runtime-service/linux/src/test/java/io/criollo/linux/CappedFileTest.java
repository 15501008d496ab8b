// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CappedFileTest {
  @TempDir private Path dir = Path.of("");

  @Test
  void aFileIsReadWholeUpToItsLimit() throws Exception {
    var file = Files.writeString(dir.resolve("file"), "four");
    assertThat(CappedFile.read(file, 4)).asString().isEqualTo("four");
    assertThatThrownBy(() -> CappedFile.read(file, 3))
        .isInstanceOf(IOException.class)
        .hasMessage("larger than 3 bytes");
  }

  @Test
  void oneThatNeverEndsIsRefused() {
    assertThatThrownBy(() -> CappedFile.read(Path.of("/dev/zero"), 1 << 20))
        .hasMessage("larger than 1048576 bytes");
  }

  @Test
  void oneThatIsMissingIsToldAsThat() {
    assertThatThrownBy(() -> CappedFile.read(dir.resolve("none"), 1))
        .isInstanceOf(NoSuchFileException.class);
  }
}
