// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FifoTest {
  @TempDir Path dir;

  @Test
  void bothEndsKeepWhatWasWritten() throws Exception {
    var path = dir.resolve("stdout");
    Fifo.create(path, 0622);
    try (var keeper = Fifo.openBoth(path)) {
      assertThat(keeper.stat().permissions()).isEqualTo(0622);
      try (var writer = Fifo.openWrite(path)) {
        assertThat(writer.write(ByteBuffer.allocateDirect(5))).isEqualTo(5);
      }
      try (var reader = Fifo.openRead(path)) {
        assertThat(reader.read(ByteBuffer.allocateDirect(10))).isEqualTo(5);
        assertThat(reader.read(ByteBuffer.allocateDirect(10))).isZero();
      }
    }
  }

  @Test
  void nothingBlocksWithoutAPeer() throws Exception {
    var path = dir.resolve("p");
    Fifo.create(path, 0600);
    assertThatThrownBy(() -> Fifo.openWrite(path)).hasMessageContaining("ENXIO");
    try (var reader = Fifo.openRead(path)) {
      assertThat(reader.read(ByteBuffer.allocateDirect(1))).isEqualTo(-1);
    }
  }

  @Test
  void whatIsNoFifoIsRefused() throws Exception {
    var file = Files.writeString(dir.resolve("f"), "");
    assertThatThrownBy(() -> Fifo.openBoth(file)).hasMessageContaining("not a FIFO");
    Fifo.create(dir.resolve("p"), 0600);
    var link = Files.createSymbolicLink(dir.resolve("l"), dir.resolve("p"));
    assertThatThrownBy(() -> Fifo.openBoth(link)).hasMessageContaining("ELOOP");
    assertThatThrownBy(() -> Fifo.create(dir.resolve("p"), 0600)).hasMessageContaining("EEXIST");
  }

  @Test
  void holdsAsMuchAsItIsToldTo() throws Exception {
    var path = dir.resolve("sized");
    Fifo.create(path, 0600);
    try (var fifo = Fifo.openBoth(path)) {
      var _ = fifo.pipeSize(128 << 10);
      var bytes = java.nio.ByteBuffer.allocateDirect(200 << 10);
      assertThat(fifo.write(bytes)).isEqualTo(128 << 10);
    }
  }
}
