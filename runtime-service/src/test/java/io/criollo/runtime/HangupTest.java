// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HangupTest {
  /// A process that is started with the signal ignored, as by `nohup`, goes on ignoring it.
  @Test
  void eachHangupRunsTheActionAndTheProcessLivesOn() throws Exception {
    boolean ignored = ignoresHangup();
    var heard = new Semaphore(0);
    Hangup.runs(heard::release);
    for (int i = 0; i < 2; i++) {
      var self = Long.toString(ProcessHandle.current().pid());
      assertThat(new ProcessBuilder("kill", "-HUP", self).start().waitFor()).isZero();
      assertThat(ignored || heard.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(ignoresHangup()).isEqualTo(ignored);
  }

  private static boolean ignoresHangup() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("SigIgn:"))
        .map(line -> Long.parseUnsignedLong(line.substring("SigIgn:".length()).strip(), 16))
        .anyMatch(signals -> (signals & 1) == 1);
  }
}
