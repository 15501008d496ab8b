// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PidFdTest {
  @Test
  void aCommandMayHoldAnything() throws Exception {
    var stat = "12 (a) b) (c) S 1 12 12 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987654 1 2";
    assertThat(PidFd.parseStat(stat, PidFd.START_TIME)).isEqualTo(987654);
    assertThat(PidFd.parseStat(stat, PidFd.PARENT)).isEqualTo(1);
  }

  @Test
  void randomTextIsRefused() {
    var random = new Random(5);
    for (var i = 0; i < 5000; i++) {
      var bytes = new byte[random.nextInt(60)];
      random.nextBytes(bytes);
      assertThatThrownBy(() -> PidFd.parseStat(new String(bytes, UTF_8), PidFd.START_TIME))
          .isInstanceOfAny(IOException.class, NumberFormatException.class);
    }
  }

  @Test
  void knowsItself() throws Exception {
    var pid = ProcessHandle.current().pid();
    assertThat(PidFd.startTime(pid)).isPositive();
    try (var self = PidFd.open(pid)) {
      assertThat(self.alive()).isTrue();
      assertThat(self.signal(0)).isTrue();
      assertThatThrownBy(self::waitExit).hasMessageContaining("ECHILD");
    }
  }

  @Test
  void isTheSameOnlyWithPidAndStartTime() throws Exception {
    var pid = ProcessHandle.current().pid();
    var started = PidFd.startTime(pid);
    try (var self = PidFd.openSame(pid, started).orElseThrow()) {
      assertThat(self.alive()).isTrue();
    }
    assertThat(PidFd.openSame(pid, started + 1)).isEmpty();
    assertThat(PidFd.openSame(0x7FFF_FFFF, started)).isEmpty();
  }

  @Test
  void noSuchProcessIsEsrch() {
    assertThatThrownBy(() -> PidFd.open(0x7FFF_FFFF)).hasMessageContaining("ESRCH");
    assertThatThrownBy(() -> PidFd.startTime(0x7FFF_FFFF)).hasMessageContaining("ESRCH");
  }
}
