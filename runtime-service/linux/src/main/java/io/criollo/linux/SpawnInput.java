// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.nio.ByteBuffer;

/// Our end of a child's standard input: bytes to feed, then closed. One thread.
final class SpawnInput implements AutoCloseable {
  final Fd childEnd;
  private final Fd end;
  private final ByteBuffer left;

  SpawnInput(byte[] bytes) throws LinuxException {
    var pipe = Fd.pipe();
    this.childEnd = pipe[0];
    this.end = pipe[1];
    this.left = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    end.nonBlocking(true);
  }

  /// {@return the descriptor to poll for writing, -1 when all is fed}
  int polled() {
    if (!left.hasRemaining()) {
      end.close();
    }
    return end.isOpen() ? end.number() : -1;
  }

  /// A child that no longer reads is its own affair.
  void feed() throws LinuxException {
    try {
      var _ = end.write(left);
    } catch (LinuxException e) {
      if (e.errno() != Errno.EPIPE) {
        throw e;
      }
      end.close();
    }
  }

  @Override
  public void close() {
    childEnd.close();
    end.close();
  }
}
