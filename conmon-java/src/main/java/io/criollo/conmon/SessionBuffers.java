// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import io.criollo.linux.NativeBuffer;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/// What busy sessions may take beyond the usual: large buffers outside the heap for output that
/// comes fast, and a wide window for input. There are few of both: what all sessions of a node take
/// must not leave the containers' logs without memory. Thread-safe.
final class SessionBuffers {
  /// Of each, in bytes.
  static final int SIZE = 128 << 10;

  /// 16 MiB in all.
  private static final int MOST = 128;

  /// Bytes of input that may be on the way to one session with a wide window.
  static final int WINDOW = 256 << 10;

  /// 4 MiB of the heap in all.
  private static final int MOST_WIDE = 16;

  private final Semaphore left = new Semaphore(MOST);
  private final Semaphore wide = new Semaphore(MOST_WIDE);

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

  /// {@return a session's leave to widen its window, until it is closed}; empty while enough have
  /// one
  Optional<Wide> widen() {
    return wide.tryAcquire() ? Optional.of(new Wide(wide)) : Optional.empty();
  }

  /// Where a wide window is counted.
  record Wide(Semaphore from) implements AutoCloseable {
    @Override
    public void close() {
      from.release();
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
