// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.oci;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runtimes that end without a word; real ones are in MonitorKernelTest.
class OciRuntimeTest {
  @TempDir private Path dir = Path.of("");

  private OciRuntime runtime(String script) throws IOException {
    Path program = dir.resolve("runtime");
    Files.writeString(program, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    return new OciRuntime(new OciRuntimeSettings("crun", program, dir.resolve("root"), false));
  }

  @Test
  void theSignalThatEndedARuntimeIsNamed() throws Exception {
    var killed = runtime("kill -9 $$");
    assertThatThrownBy(() -> killed.start("c")).hasMessageContaining("start: ended by SIGKILL");
    var failed = runtime("exit 3");
    assertThatThrownBy(() -> failed.start("c")).hasMessageContaining("start: exit code 3");
  }
}
