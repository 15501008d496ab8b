// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conmon.oci.OciRuntimeSettings;
import io.criollo.runtime.state.RuntimeHandlers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuntimesTest {
  @TempDir private Path dir = Path.of("");

  private OciRuntimeSettings settings(String name) {
    return new OciRuntimeSettings(name, dir.resolve("bin/" + name), dir.resolve(name), false);
  }

  private List<String> knowing(String id) throws IOException {
    var all =
        Map.of("crun", settings("crun"), "runc", settings("runc"), "runsc", settings("runsc"));
    var memory = new RuntimeMemory(dir.resolve("runtimes.json"));
    var runtimes = new Runtimes(new RuntimeHandlers(all, "crun"), memory);
    return runtimes.knowing(id, "").stream().map(one -> one.settings().name()).sorted().toList();
  }

  @Test
  void whoeverHasNotesOfAContainerKnowsIt() throws IOException {
    Files.createDirectories(dir.resolve("runc/abc"));
    Files.createDirectories(dir.resolve("runsc"));
    Files.createFile(dir.resolve("runsc/abcd_sandbox:abcd.state"));
    Files.createFile(dir.resolve("runsc/abcd_sandbox:abcd.lock"));

    assertThat(knowing("abc")).containsExactly("crun", "runc");
    assertThat(knowing("abcd")).containsExactly("crun", "runsc");
    assertThat(Runtimes.notes(settings("runsc"), "abcd")).hasSize(2);
    assertThat(knowing("ab")).containsExactly("crun");
  }
}
