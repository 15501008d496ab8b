// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import io.criollo.linux.NativeBuffer;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/// Large buffers outside the heap for sessions whose output comes fast. There are few: what all
/// sessions of a node take must not leave the containers' logs without memory. Thread-safe.
final class SessionBuffers {
  /// Of each, in bytes.
  static final int SIZE = 128 << 10;

  /// 16 MiB in all.
  private static final int MOST = 128;

  private final Semaphore left = new Semaphore(MOST);

  /// {@return a buffer for the calling thread, which closes it; empty while all are in use}
  Optional<Large> take() {
    if (!left.tryAcquire()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Large(left, NativeBuffer.allocate(SIZE)));
    } catch (OutOfMemoryError _) { // the small one will do
      left.release();
      return Optional.empty();
    }
  }

  /// One buffer, and where it is counted.
  record Large(Semaphore from, NativeBuffer memory) implements AutoCloseable {
    ByteBuffer bytes() {
      return memory.bytes();
    }

    @Override
    public void close() {
      memory.close();
      from.release();
    }
  }
}
