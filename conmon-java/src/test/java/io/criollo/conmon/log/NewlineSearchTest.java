// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NewlineSearchTest {
  @Test
  void findsWhatAPlainLoopFinds() {
    var random = new Random(42);
    var buffer = ByteBuffer.allocateDirect(64).order(ByteOrder.LITTLE_ENDIAN);
    for (int round = 0; round < 20_000; round++) {
      for (int i = 0; i < 64; i++) {
        // neighbours of '\n' and its high-bit twin are where the bit trick could err
        buffer.put(i, new byte[] {9, 10, 11, 0, (byte) 0x8a, 1, 127, -1}[random.nextInt(8)]);
        if (random.nextInt(3) > 0 && buffer.get(i) == '\n') {
          buffer.put(i, (byte) 11);
        }
      }
      int from = random.nextInt(65);
      int to = from + random.nextInt(65 - from);
      assertThat(NewlineSearch.find(buffer, from, to)).isEqualTo(plain(buffer, from, to));
    }
  }

  private static int plain(ByteBuffer buffer, int from, int to) {
    for (int i = from; i < to; i++) {
      if (buffer.get(i) == '\n') {
        return i;
      }
    }
    return -1;
  }
}
