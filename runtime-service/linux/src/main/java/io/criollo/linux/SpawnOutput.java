// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/// Our end of a child's standard output or error: keeps up to a limit, drops the rest. One thread.
final class SpawnOutput implements AutoCloseable {
  final Fd childEnd;
  private final Fd end;
  private final int limit;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private boolean dropped;

  SpawnOutput(int limit) throws LinuxException {
    var pipe = Fd.pipe();
    this.end = pipe[0];
    this.childEnd = pipe[1];
    this.limit = limit;
    end.nonBlocking(true);
  }

  /// {@return the descriptor to poll for reading, -1 at its end}
  int polled() {
    return end.isOpen() ? end.number() : -1;
  }

  /// {@return bytes read now; 0 when there are none}
  int take(ByteBuffer chunk) throws LinuxException {
    if (!end.isOpen()) {
      return 0;
    }
    var count = end.read(chunk.clear());
    if (count < 0) {
      end.close();
      return 0;
    }
    var bytes = new byte[Math.min(count, limit - kept.size())];
    chunk.flip().get(bytes);
    kept.writeBytes(bytes);
    dropped |= bytes.length < count;
    return count;
  }

  /// Takes what is in the pipe now. Bounded, as a descendant may go on writing.
  void drain(ByteBuffer chunk, int most) throws LinuxException {
    for (var left = most; left > 0; ) {
      var count = take(chunk);
      if (count == 0) {
        return;
      }
      left -= count;
    }
  }

  byte[] kept() {
    return kept.toByteArray();
  }

  boolean dropped() {
    return dropped;
  }

  @Override
  public void close() {
    childEnd.close();
    end.close();
  }
}
