// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;

/// Memory outside the heap that is given back when it is closed, not when Java collects it. For the
/// thread that allocated it.
public final class NativeBuffer implements AutoCloseable {
  private final Arena arena;
  private final ByteBuffer bytes;

  private NativeBuffer(Arena arena, int size) {
    this.arena = arena;
    this.bytes = arena.allocate(size).asByteBuffer();
  }

  /// Allocates one of `size` bytes, all zero.
  public static NativeBuffer allocate(int size) {
    var arena = Arena.ofConfined();
    try {
      return new NativeBuffer(arena, size);
    } catch (OutOfMemoryError e) {
      arena.close();
      throw e;
    }
  }

  /// {@return the buffer} It must not be used after [#close].
  public ByteBuffer bytes() {
    return bytes;
  }

  @Override
  public void close() {
    arena.close();
  }
}
