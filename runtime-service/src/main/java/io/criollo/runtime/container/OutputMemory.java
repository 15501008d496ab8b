// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import com.google.protobuf.ByteString;
import io.criollo.conmon.client.ExecOutput;
import io.criollo.conmon.protocol.Stream;
import java.util.concurrent.Semaphore;

/// The memory that the outputs of ExecSync may take together. Most are small; a command that writes
/// more is held up until few enough others do. It is held until the client has the answer.
/// Thread-safe.
final class OutputMemory {
  /// Bytes of one output that need no room: 25 times what a kubelet keeps of a probe's, and those
  /// of a few hundred probes at once fit into the heap.
  private static final int SMALL = 256 << 10;

  private final Semaphore large;

  /// @param bytes that large outputs may take together; one may be had in any case
  /// @param largest bytes of one
  OutputMemory(long bytes, long largest) {
    large = new Semaphore(Math.clamp(bytes / largest, 1, Integer.MAX_VALUE), true);
  }

  Output begin() {
    return new Output();
  }

  /// One output. One thread takes it, then another one gives it back.
  final class Output implements ExecOutput {
    private final ByteString.Output stdout = ByteString.newOutput();
    private final ByteString.Output stderr = ByteString.newOutput();
    private long size;
    private boolean isLarge;
    private boolean released;

    private Output() {}

    @Override
    public void take(Stream stream, byte[] bytes) throws InterruptedException {
      size += bytes.length;
      if (size > SMALL) {
        enlarge();
      }
      (stream == Stream.STDERR ? stderr : stdout).write(bytes, 0, bytes.length);
    }

    private void enlarge() throws InterruptedException {
      if (isLarge()) {
        return;
      }
      large.acquire();
      synchronized (this) {
        isLarge = !released;
        if (released) {
          large.release();
        }
      }
    }

    private synchronized boolean isLarge() {
      return isLarge;
    }

    ByteString stdout() {
      return stdout.toByteString();
    }

    ByteString stderr() {
      return stderr.toByteString();
    }

    /// Others may have its room.
    synchronized void release() {
      if (isLarge) {
        large.release();
      }
      isLarge = false;
      released = true;
    }
  }
}
