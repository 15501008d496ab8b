// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.runtime.state.ContainerId;
import io.criollo.runtime.state.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExecProcessTest {
  @TempDir private Path dir = Path.of("");

  @Test
  void commandsOfTwoWritersStandInFilesOfTheirOwn() throws IOException {
    var layout = new Layout(dir, dir.resolve("run"), dir.resolve("logs"));
    var container = ContainerId.random();
    var bundle = Files.createDirectories(layout.bundle(container));
    Files.writeString(bundle.resolve("config.json"), "{\"process\":{\"args\":[\"first\"]}}");
    var sync = new ExecProcess(layout).write(container, List.of("sync"), false);
    var stream = new ExecProcess(layout).write(container, List.of("stream"), true);
    assertThat(Files.readString(sync)).contains("\"sync\"");
    assertThat(Files.readString(stream)).contains("\"stream\"");
  }
}
