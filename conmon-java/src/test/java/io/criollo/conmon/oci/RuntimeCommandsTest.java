// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RuntimeCommandsTest {
  private static final OciRuntime.Reports REPORTS =
      new OciRuntime.Reports(Path.of("/p"), Path.of("/l"));
  private final RuntimeCommands commands =
      new RuntimeCommands(
          new OciRuntimeSettings("crun", Path.of("/bin/crun"), Path.of("/run/r"), true));

  @Test
  void createNamesBundlePidFileAndConsole() {
    assertThat(
            String.join(
                " ",
                commands.create(
                    new OciRuntime.Creation(
                        "c1", Path.of("/b"), REPORTS, Optional.of(Path.of("/s"))))))
        .isEqualTo(
            "/bin/crun --root /run/r --systemd-cgroup --log /l --log-format json create"
                + " --bundle /b --pid-file /p --console-socket /s c1");
  }

  @Test
  void runIsDetached() {
    var creation =
        new OciRuntime.Creation("c1", Path.of("/b"), REPORTS, Optional.of(Path.of("/s")));
    assertThat(String.join(" ", commands.runDetached(creation)))
        .isEqualTo(
            "/bin/crun --root /run/r --systemd-cgroup --log /l --log-format json run --detach"
                + " --bundle /b --pid-file /p --console-socket /s c1");
  }

  @Test
  void execIsDetachedAndMayHaveACgroup() {
    assertThat(exec(Optional.empty())).endsWith("exec --detach --pid-file /p --process /j c1");
    assertThat(exec(Optional.of("e"))).endsWith(" --pid-file /p --cgroup e --process /j c1");
  }

  private String exec(Optional<String> cgroup) {
    var execution =
        new OciRuntime.Execution(
            "c1",
            Path.of("/j"),
            REPORTS,
            Duration.ZERO,
            Optional.empty(),
            cgroup,
            Optional.empty());
    return String.join(" ", commands.exec(execution));
  }

  @Test
  void theRestIsShort() {
    assertThat(commands.kill("c1", 9)).endsWith("kill", "c1", "9");
    assertThat(commands.delete("c1", true)).endsWith("delete", "--force", "c1");
    assertThat(commands.start("c1")).endsWith("start", "c1");
  }
}
