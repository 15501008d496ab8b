// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.linux.Fd;
import io.criollo.linux.Poller;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClientInputTest {
  private static final int CHUNK = 32 << 10;
  private static final long TOKEN = 7;

  @Test
  void waitsForTheProcessAndEndsWhenAllIsTaken() throws Exception {
    Fd[] pipe = Fd.pipe(); // holds 64 KiB
    pipe[1].nonBlocking(true);
    try (Fd reader = pipe[0];
        Poller poller = Poller.open();
        var input = new ClientInput(pipe[1], poller, TOKEN)) {
      int taken = 0;
      for (int i = 0; i < 4; i++) {
        input.add(new byte[CHUNK]);
        taken += input.push();
      }
      assertThat(taken).isEqualTo(2 * CHUNK);
      assertThat(input.full()).isTrue();
      input.end();
      assertThat(input.open()).isTrue();
      ByteBuffer into = ByteBuffer.allocateDirect(3 * CHUNK);
      int read = reader.read(into);
      while (!input.empty()) {
        taken += input.push();
        read += reader.read(into.clear());
      }
      assertThat(taken).isEqualTo(4 * CHUNK);
      assertThat(input.full()).isFalse();
      assertThat(input.open()).isFalse();
      for (int count = reader.read(into.clear()); count > 0; count = reader.read(into.clear())) {
        read += count;
      }
      assertThat(read).isEqualTo(4 * CHUNK);
    }
  }

  @Test
  void thePollerTellsOfRoomOnlyWhileSomethingWaits() throws Exception {
    Fd[] pipe = Fd.pipe();
    pipe[1].nonBlocking(true);
    try (Fd reader = pipe[0];
        Fd alsoOpen = pipe[1].dup();
        Poller poller = Poller.open();
        var input = new ClientInput(pipe[1], poller, TOKEN)) {
      assertThat(alsoOpen.isOpen()).isTrue();
      assertThat(poller.await(Duration.ZERO)).isZero();
      for (int i = 0; i < 3; i++) {
        input.add(new byte[CHUNK]);
        assertThat(input.push()).isEqualTo(i < 2 ? CHUNK : 0);
      }
      input.end();
      assertThat(poller.await(Duration.ZERO)).as("the pipe is full").isZero();
      assertThat(reader.read(ByteBuffer.allocateDirect(2 * CHUNK))).isEqualTo(2 * CHUNK);
      assertThat(poller.await(Duration.ofSeconds(30))).isOne();
      assertThat(poller.token(0)).isEqualTo(TOKEN);
      assertThat(input.push()).isEqualTo(CHUNK);
      assertThat(input.open()).isFalse();
      assertThat(poller.await(Duration.ZERO)).as("also when others have it open").isZero();
    }
  }

  @Test
  void aWideWindowTakesMoreBeforeItIsFull() throws Exception {
    Fd[] pipe = Fd.pipe();
    pipe[1].nonBlocking(true);
    try (Fd reader = pipe[0];
        Poller poller = Poller.open();
        var input = new ClientInput(pipe[1], poller, TOKEN)) {
      assertThat(reader.isOpen()).isTrue();
      assertThat(input.widen(4 * CHUNK)).isEqualTo(2 * CHUNK);
      assertThat(input.window()).isEqualTo(4 * CHUNK);
      for (int i = 0; i < 6; i++) { // two of them fill the pipe
        assertThat(input.full()).isFalse();
        input.add(new byte[CHUNK]);
        input.push();
      }
      assertThat(input.full()).isTrue();
    }
  }

  @Test
  void whatNobodyWillReadCountsAsTaken() throws Exception {
    Fd[] pipe = Fd.pipe();
    pipe[1].nonBlocking(true);
    pipe[0].close();
    try (Poller poller = Poller.open();
        var input = new ClientInput(pipe[1], poller, TOKEN)) {
      input.add(new byte[CHUNK]);
      assertThat(input.push()).isEqualTo(CHUNK);
      assertThat(input.empty()).isTrue();
    }
  }
}
