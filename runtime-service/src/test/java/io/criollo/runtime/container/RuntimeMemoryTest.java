// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conmon.oci.OciRuntimeSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuntimeMemoryTest {
  @TempDir private Path dir = Path.of("");

  @Test
  void whatIsConfiguredWinsOverWhatIsRemembered() throws IOException {
    var memory = new RuntimeMemory(dir.resolve("runtimes.json"));
    var slow = settings("slow", Duration.ofMinutes(10));
    assertThat(memory.with(Map.of("slow", slow))).isEqualTo(Map.of("slow", slow));
    var slower = settings("slow", Duration.ofMinutes(20));
    assertThat(memory.with(Map.of("slow", slower))).isEqualTo(Map.of("slow", slower));
  }

  @Test
  void whatIsNotConfiguredAnyMoreIsRemembered() throws IOException {
    var memory = new RuntimeMemory(dir.resolve("runtimes.json"));
    var old = settings("old", OciRuntimeSettings.USUAL_CREATE_LIMIT);
    var now = settings("now", Duration.ofMinutes(1));
    memory.with(Map.of("old", old));
    assertThat(memory.with(Map.of("now", now))).isEqualTo(Map.of("old", old, "now", now));
  }

  private OciRuntimeSettings settings(String name, Duration createLimit) {
    return new OciRuntimeSettings(
        name,
        dir.resolve("bin").resolve(name),
        dir.resolve("run").resolve(name),
        false,
        createLimit);
  }
}
