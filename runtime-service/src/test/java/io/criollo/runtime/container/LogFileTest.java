// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.runtime.state.ContainerId;
import io.criollo.runtime.state.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {
  @TempDir private Path dir = Path.of("");

  @Test
  void isBelowThePodsFolder() {
    var folder = Path.of("/var/log/pods/p");
    var id = ContainerId.random();
    assertThat(LogFile.path(folder, "c/0.log", id)).isEqualTo(folder.resolve("c/0.log"));
    assertThat(LogFile.path(folder, "", id)).isEqualTo(folder.resolve(id.hex() + ".log"));
    assertThatThrownBy(() -> LogFile.path(folder, "../../../etc/passwd", id))
        .isInstanceOf(Refusal.InvalidArgument.class);
  }

  @Test
  void isMadeWithItsFolderAndKeptWhenThere() throws IOException {
    var log = dir.resolve("c/0.log");
    LogFile.create(log);
    Files.writeString(log, "line");
    LogFile.create(log);
    assertThat(log).hasContent("line");
  }

  @Test
  void isNeverALinkOrAFolder() throws IOException {
    var target = Files.createFile(dir.resolve("target"));
    var link = Files.createSymbolicLink(dir.resolve("link"), target);
    assertThatThrownBy(() -> LogFile.create(link)).isInstanceOf(Refusal.InvalidArgument.class);
    var dangling = Files.createSymbolicLink(dir.resolve("dangling"), dir.resolve("absent"));
    assertThatThrownBy(() -> LogFile.create(dangling)).isInstanceOf(Refusal.InvalidArgument.class);
    assertThat(dir.resolve("absent")).doesNotExist();
    assertThatThrownBy(() -> LogFile.create(dir)).isInstanceOf(Refusal.InvalidArgument.class);
  }
}
