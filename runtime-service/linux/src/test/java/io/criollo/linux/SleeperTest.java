// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SleeperTest {
  @TempDir private Path folder;

  @Test
  void keepsWhatLiesInAPipeUntilItIsKilled() throws Exception {
    Path program = folder.resolve("sleeper");
    Sleeper.install(program);
    Fd[] pipe = Fd.pipe();
    PidFd sleeper;
    try (Fd read = pipe[0];
        Fd write = pipe[1]) {
      sleeper = Sleeper.start(program, Map.of(3, read, 4, write));
      var _ = write.write(direct("kept"));
    }
    try (Fd again = sleeper.descriptor(3)) {
      ByteBuffer into = ByteBuffer.allocateDirect(16);
      assertThat(again.read(into)).isEqualTo(4);
      assertThat(UTF_8.decode(into.flip()).toString()).isEqualTo("kept");
    }
    assertThat(sleeper.alive()).isTrue();
    assertThatThrownBy(() -> sleeper.descriptor(9))
        .isInstanceOfSatisfying(
            LinuxException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EBADF));
    assertThat(sleeper.signal(Signals.SIGKILL)).isTrue();
    assertThat(sleeper.ended(Duration.ofSeconds(20))).isTrue();
    sleeper.close();
  }

  @Test
  void isAProgramForBothArchitectures() {
    assertThat(Sleeper.program(Arch.X86_64)).hasSize(129).startsWith(0x7f, 'E', 'L', 'F');
    assertThat(Sleeper.program(Arch.AARCH64)).hasSize(132).endsWith(0xfe, 0xff, 0xff, 0x17);
  }

  @Test
  void aPeekedMessageStaysAndItsDescriptorsAreCopies() throws Exception {
    Fd[] pair = UnixSockets.packetPair(1 << 20);
    Fd[] pipe = Fd.pipe();
    try (Fd a = pair[0];
        Fd b = pair[1];
        Fd read = pipe[0];
        Fd write = pipe[1]) {
      for (String name : List.of("one", "two")) {
        assertThat(UnixSockets.send(a, direct(name), List.of(write))).isEqualTo(3);
      }
      ByteBuffer into = ByteBuffer.allocateDirect(16);
      UnixSockets.Received peeked = UnixSockets.peek(b, into);
      UnixSockets.Received taken = UnixSockets.receive(b, into.clear());
      assertThat(UTF_8.decode(into.flip()).toString()).isEqualTo("one");
      try (Fd copy = peeked.descriptors().getFirst();
          Fd other = taken.descriptors().getFirst()) {
        assertThat(copy.number()).isNotEqualTo(other.number());
        assertThat(copy.write(direct("x"))).isEqualTo(1);
      }
      assertThat(read.read(into.clear())).isEqualTo(1);
    }
  }

  private static ByteBuffer direct(String text) {
    return ByteBuffer.allocateDirect(text.length()).put(text.getBytes(UTF_8)).flip();
  }
}
