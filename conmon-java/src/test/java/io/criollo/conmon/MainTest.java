// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class MainTest {
  /// A process with a session that does not end, whose entrance does.
  static final class Unreachable {
    private Unreachable() {}

    public static void main(String[] args) {
      Thread.ofPlatform()
          .start(() -> {
            while (true) {
              LockSupport.park();
            }
          });
      Main.serve(() -> {
        throw new StackOverflowError("on purpose");
      });
    }
  }

  @Test
  void theProcessEndsWithItsEntranceWhateverElseStillRuns() throws Exception {
    var command =
        List.of(
            System.getProperty("java.home") + "/bin/java",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Unreachable.class.getName());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it has ended").isTrue();
      assertThat(process.exitValue()).isEqualTo(1);
      assertThat(new String(process.getInputStream().readAllBytes(), UTF_8))
          .contains("ERROR the monitor cannot let anybody in", "StackOverflowError: on purpose");
    } finally {
      process.destroyForcibly();
    }
  }
}
