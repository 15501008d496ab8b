// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RuntimeCommandsTest {
  private final RuntimeCommands commands =
      new RuntimeCommands(
          new OciRuntimeSettings("crun", Path.of("/bin/crun"), Path.of("/run/r"), true));

  @Test
  void createNamesBundlePidFileAndConsole() {
    assertThat(
            String.join(
                " ",
                commands.create(
                    "c1", Path.of("/b"), Path.of("/p"), Path.of("/l"), Optional.of(Path.of("/s")))))
        .isEqualTo(
            "/bin/crun --root /run/r --systemd-cgroup --log /l --log-format json create"
                + " --bundle /b --pid-file /p --console-socket /s c1");
  }

  @Test
  void execIsDetached() {
    assertThat(
            String.join(
                " ",
                commands.exec("c1", Path.of("/j"), Path.of("/p"), Path.of("/l"), Optional.empty())))
        .endsWith("exec --detach --pid-file /p --process /j c1");
  }

  @Test
  void theRestIsShort() {
    assertThat(commands.kill("c1", 9, true)).endsWith("kill", "--all", "c1", "9");
    assertThat(commands.delete("c1", true)).endsWith("delete", "--force", "c1");
    assertThat(commands.start("c1")).endsWith("start", "c1");
  }
}
