// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SignalsTest {
  @Test
  void namesAndNumbersAgree() {
    for (var i = 1; i <= 31; i++) {
      assertThat(Signals.number(Signals.name(i))).hasValue(i);
    }
    assertThat(Signals.number("TERM")).hasValue(15);
    assertThat(Signals.number("sigterm")).hasValue(15);
    assertThat(Signals.number("9")).hasValue(9);
    assertThat(Signals.number("SIGRTMIN+3")).hasValue(37);
    assertThat(Signals.number("RTMAX-1")).hasValue(63);
    assertThat(Signals.name(37)).isEqualTo("SIGRTMIN+3");
  }

  @Test
  void anExitCodeSaysWhetherASignalCameFirst() {
    assertThat(Signals.ended(3)).isEqualTo("exit code 3");
    assertThat(Signals.ended(128)).isEqualTo("exit code 128");
    assertThat(Signals.ended(137)).isEqualTo("ended by SIGKILL");
  }

  @Test
  void whatIsNoSignalIsEmpty() {
    for (var text :
        new String[] {
          "", "0", "65", "-9", "SIG", "SIGSIGTERM", "099", "99999999999", "TERM ", "٩"
        }) {
      assertThat(Signals.number(text)).as(text).isEmpty();
    }
  }

  @Test
  void randomTextNeverThrows() {
    var random = new Random(7);
    for (var i = 0; i < 10_000; i++) {
      var text = new StringBuilder();
      for (var n = random.nextInt(8); n > 0; n--) {
        text.append((char) random.nextInt(0x100));
      }
      Signals.number(text.toString()).ifPresent(number -> assertThat(number).isBetween(1, 64));
    }
  }
}
