// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.runtime.state.ContainerId;
import io.criollo.runtime.state.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    assertThat(LogFile.path(folder, "/etc/passwd", id)).isEqualTo(folder.resolve("etc/passwd"));
    for (var bad : List.of("../../../etc/passwd", "a/../../b", "/", ".")) {
      assertThatThrownBy(() -> LogFile.path(folder, bad, id))
          .isInstanceOf(Refusal.InvalidArgument.class)
          .hasMessageContaining("config.log_path");
    }
  }

  @Test
  void isMadeWithItsFolderAndKeptWhenThere() throws IOException {
    var log = dir.resolve("c/0.log");
    LogFile.create(dir, log);
    Files.writeString(log, "line");
    LogFile.create(dir, log);
    assertThat(log).hasContent("line");
  }

  @Test
  void isNeverALinkOrAFolder() throws IOException {
    var target = Files.createFile(dir.resolve("target"));
    var link = Files.createSymbolicLink(dir.resolve("link"), target);
    refuses(link);
    var dangling = Files.createSymbolicLink(dir.resolve("dangling"), dir.resolve("absent"));
    refuses(dangling);
    assertThat(dir.resolve("absent")).doesNotExist();
    refuses(Files.createDirectory(dir.resolve("folder")));
  }

  @Test
  void isNeverBehindALink() throws IOException {
    var elsewhere = Files.createDirectory(dir.resolve("elsewhere"));
    var folder = Files.createDirectory(dir.resolve("logs"));
    Files.createSymbolicLink(folder.resolve("c"), elsewhere);
    var log = folder.resolve("c/0.log");
    assertThatThrownBy(() -> LogFile.create(folder, log))
        .isInstanceOf(Refusal.InvalidArgument.class);
    var link = Files.createSymbolicLink(dir.resolve("link"), elsewhere);
    assertThatThrownBy(() -> LogFile.create(link, link.resolve("0.log")))
        .isInstanceOf(Refusal.InvalidArgument.class);
    assertThat(elsewhere).isEmptyDirectory();
  }

  private void refuses(Path path) {
    assertThatThrownBy(() -> LogFile.create(dir, path)).isInstanceOf(Refusal.InvalidArgument.class);
  }
}
