// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import io.criollo.conmon.protocol.FdChannel;
import io.criollo.linux.Errno;
import io.criollo.linux.Fd;
import io.criollo.linux.LinuxException;
import io.criollo.linux.Pty;
import java.nio.ByteBuffer;
import java.util.Optional;

/// The way of a client's input to an exec: what the process does not take yet is kept, one frame at
/// most, and no more is read from the client until it is gone. One thread.
final class ExecInput {
  private final FdChannel client;
  private final Fd target;
  private final Optional<Fd> master;

  /// Kept from frame to frame: memory outside the heap is given back only by the collector.
  private ByteBuffer room = ByteBuffer.allocateDirect(0);

  private ByteBuffer pending = room;
  private boolean closing;

  ExecInput(FdChannel client, Fd target, Optional<Fd> master) throws LinuxException {
    this.client = client;
    this.target = target;
    this.master = master;
    if (target.isOpen() && master.isEmpty()) {
      target.nonBlocking(true);
    }
  }

  Fd client() {
    return client.socket();
  }

  Fd target() {
    return target;
  }

  /// {@return whether all was taken}
  boolean offer(byte[] bytes) throws LinuxException {
    if (room.capacity() < bytes.length) {
      room = ByteBuffer.allocateDirect(bytes.length);
    }
    pending = room.clear().put(bytes).flip();
    return push();
  }

  /// {@return whether nothing is left}
  boolean push() throws LinuxException {
    try {
      while (target.isOpen() && pending.hasRemaining() && target.write(pending) > 0) {}
    } catch (LinuxException e) {
      if (e.errno() != Errno.EPIPE && e.errno() != Errno.EIO) {
        throw e;
      }
      pending.position(pending.limit()); // the process reads no more
    }
    boolean done = !target.isOpen() || !pending.hasRemaining();
    if (done && closing) {
      close();
    }
    return done;
  }

  /// No more comes; a terminal stays open.
  void end() throws LinuxException {
    closing = true;
    if (!pending.hasRemaining()) {
      close();
    }
  }

  private void close() {
    if (master.isEmpty()) {
      target.close();
    }
  }

  /// The user has gone.
  void hangUp() {
    target.close();
  }

  void resize(Pty.Size size) throws LinuxException {
    if (master.isPresent() && master.get().isOpen()) {
      Pty.resize(master.get(), size);
    }
  }
}
