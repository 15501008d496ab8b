// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileRangeTest {
  @TempDir private Path folder;

  private Fd file() throws LinuxException {
    return Fd.open(folder.resolve("file"), OpenFlags.O_RDWR | OpenFlags.O_CREAT, 0600);
  }

  private static ByteBuffer bytes(int... values) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(values.length);
    for (int value : values) {
      buffer.put((byte) value);
    }
    return buffer.flip();
  }

  @Test
  void readsAndWritesWhereToldWithoutMoving() throws LinuxException {
    try (Fd file = file()) {
      FileRange.write(file, bytes(1, 2, 3), 5);
      ByteBuffer into = ByteBuffer.allocateDirect(2);
      assertThat(FileRange.read(file, into, 6)).isEqualTo(2);
      assertThat(into.get(0)).isEqualTo((byte) 2);
      assertThat(FileRange.read(file, into.clear(), 8)).isEqualTo(-1);
      assertThat(file.read(into.clear())).isEqualTo(2);
    }
  }

  @Test
  void spliceMovesWhatThePipeHolds() throws Exception {
    Fd[] pipe = Fd.pipe();
    try (Fd in = pipe[0];
        Fd file = file()) {
      try (Fd out = pipe[1]) {
        assertThat(FileRange.splice(in, file, 0, 100)).isZero();
        out.writeAll(new byte[] {7, 8, 9});
        assertThat(FileRange.splice(in, file, 4, 2)).isEqualTo(2);
        assertThat(FileRange.splice(in, file, 6, 100)).isEqualTo(1);
      }
      assertThat(FileRange.splice(in, file, 7, 100)).isEqualTo(-1);
      assertThat(Files.readAllBytes(folder.resolve("file"))).containsExactly(0, 0, 0, 0, 7, 8, 9);
    }
  }

  @Test
  void aPunchedRangeTakesNoSpaceAndReadsAsZeros() throws Exception {
    try (Fd file = file()) {
      file.writeAll(new byte[64 << 10]);
      FileRange.write(file, bytes(5), 10);
      FileRange.punch(file, 0, 32 << 10);
      assertThat(file.stat().size()).isEqualTo(64 << 10);
      assertThat(Files.readAllBytes(folder.resolve("file"))).containsOnly(0);
    }
  }

  @Test
  void spliceTakesFromATerminalUntilItIsHungUp() throws Exception {
    Fd[] pipe = Fd.pipe();
    try (Fd in = pipe[0];
        Fd out = pipe[1];
        Pty pty = Pty.open()) {
      pty.master().nonBlocking(true);
      assertThat(FileRange.splice(pty.master(), out, 100)).isZero();
      try (Fd slave = pty.slave()) {
        slave.writeAll(new byte[] {'a', '\n'});
      }
      assertThat(FileRange.splice(pty.master(), out, 100)).isEqualTo(3);
      assertThat(FileRange.splice(pty.master(), out, 100)).isEqualTo(-1);
      ByteBuffer into = ByteBuffer.allocateDirect(9);
      assertThat(in.read(into)).isEqualTo(3);
      assertThat(into.get(1)).isEqualTo((byte) '\r');
    }
  }
}
