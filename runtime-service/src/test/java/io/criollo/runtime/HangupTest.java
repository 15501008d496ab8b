// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HangupTest {
  @Test
  void eachHangupRunsTheActionAndTheProcessLivesOn() throws Exception {
    var heard = new Semaphore(0);
    Hangup.runs(heard::release);
    for (int i = 0; i < 2; i++) {
      var self = Long.toString(ProcessHandle.current().pid());
      assertThat(new ProcessBuilder("kill", "-HUP", self).start().waitFor()).isZero();
      assertThat(heard.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
    }
  }
}
