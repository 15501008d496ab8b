// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.log;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/// What the I/O thread has once for all logs that it writes: buffers, and the way to journald.
public final class LogBuffers {
  /// Raw bytes handled at once.
  public static final int CHUNK = 256 << 10;

  final ByteBuffer raw = direct(CHUNK);
  final ByteBuffer entries = direct(CHUNK + (64 << 10));
  final ByteBuffer checkpoint = direct(Checkpoint.SIZE);
  final CriLines lines = new CriLines();
  final Journal journal;

  public LogBuffers() {
    this(Journal.SOCKET);
  }

  /// @param journal where journald reads
  LogBuffers(Path journal) {
    this.journal = new Journal(journal);
  }

  private static ByteBuffer direct(int size) {
    return ByteBuffer.allocateDirect(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
