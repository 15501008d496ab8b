// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.linux.Fd;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ClientInputTest {
  private static final int CHUNK = 32 << 10;

  @Test
  void waitsForTheProcessAndEndsWhenAllIsTaken() throws Exception {
    Fd[] pipe = Fd.pipe(); // holds 64 KiB
    pipe[1].nonBlocking(true);
    try (Fd reader = pipe[0];
        var input = new ClientInput(pipe[1])) {
      int taken = 0;
      for (int i = 0; i < 4; i++) {
        input.add(new byte[CHUNK]);
        taken += input.push();
      }
      assertThat(taken).isEqualTo(2 * CHUNK);
      assertThat(input.full()).isTrue();
      input.end();
      assertThat(input.target().isOpen()).isTrue();
      ByteBuffer into = ByteBuffer.allocateDirect(3 * CHUNK);
      int read = reader.read(into);
      while (!input.empty()) {
        taken += input.push();
        read += reader.read(into.clear());
      }
      assertThat(taken).isEqualTo(4 * CHUNK);
      assertThat(input.full()).isFalse();
      assertThat(input.target().isOpen()).isFalse();
      for (int count = reader.read(into.clear()); count > 0; count = reader.read(into.clear())) {
        read += count;
      }
      assertThat(read).isEqualTo(4 * CHUNK);
    }
  }

  @Test
  void whatNobodyWillReadCountsAsTaken() throws Exception {
    Fd[] pipe = Fd.pipe();
    pipe[1].nonBlocking(true);
    pipe[0].close();
    try (var input = new ClientInput(pipe[1])) {
      input.add(new byte[CHUNK]);
      assertThat(input.push()).isEqualTo(CHUNK);
      assertThat(input.empty()).isTrue();
    }
  }
}
