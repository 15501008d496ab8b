// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class NewlineSearchTest {
  @Test
  void findsWhatAPlainLoopFinds() {
    var random = new Random(42);
    var text = new byte[64];
    for (int round = 0; round < 20_000; round++) {
      for (int i = 0; i < 64; i++) {
        // neighbours of '\n' and its high-bit twin are where the bit trick could err
        text[i] = new byte[] {9, 10, 11, 0, (byte) 0x8a, 1, 127, -1}[random.nextInt(8)];
        if (random.nextInt(3) > 0 && text[i] == '\n') {
          text[i] = 11;
        }
      }
      int from = random.nextInt(65);
      int to = from + random.nextInt(65 - from);
      assertThat(NewlineSearch.find(text, from, to)).isEqualTo(plain(text, from, to));
    }
  }

  private static int plain(byte[] text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text[i] == '\n') {
        return i;
      }
    }
    return -1;
  }
}
