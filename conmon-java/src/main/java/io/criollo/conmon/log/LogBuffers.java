// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.log;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The buffers of the I/O thread, shared by all logs that it writes.
public final class LogBuffers {
  /// Raw bytes handled at once.
  static final int CHUNK = 256 << 10;

  final ByteBuffer raw = direct(CHUNK);
  final ByteBuffer entries = direct(CHUNK + (64 << 10));
  final ByteBuffer checkpoint = direct(Checkpoint.SIZE);
  final CriLines lines = new CriLines();

  private static ByteBuffer direct(int size) {
    return ByteBuffer.allocateDirect(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
