// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import io.criollo.conmon.protocol.Hello;
import io.criollo.linux.Errno;
import io.criollo.linux.Fd;
import io.criollo.linux.LinuxException;
import io.criollo.linux.Poller;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;

/// The way of a client's input to a process: what the process does not take yet is kept, and a
/// poller tells when it takes more. A client that counts never has more on the way than the window;
/// from others no more is read when it is full. One thread, which owns the target.
final class ClientInput implements AutoCloseable {
  private final Fd target;
  private final Poller poller;
  private final long token;
  private final Queue<ByteBuffer> waiting = new ArrayDeque<>();

  /// Kept from write to write: memory outside the heap is given back only by the collector.
  private ByteBuffer room = ByteBuffer.allocateDirect(0);

  private int window = Hello.WINDOW;
  private int size;
  private boolean ending;
  private boolean waited;

  /// @param target not blocking; taken over
  /// @param token what the poller says when there is reason to [#push]
  ClientInput(Fd target, Poller poller, long token) {
    this.target = target;
    this.poller = poller;
    this.token = token;
  }

  boolean open() {
    return target.isOpen();
  }

  /// {@return bytes that may be on the way}
  int window() {
    return window;
  }

  /// {@return by how many bytes the window has grown}
  int widen(int bytes) {
    int more = bytes - window;
    window = bytes;
    return more;
  }

  boolean full() {
    return size >= window;
  }

  boolean empty() {
    return waiting.isEmpty();
  }

  void add(byte[] bytes) {
    if (bytes.length > 0) {
      waiting.add(ByteBuffer.wrap(bytes));
      size += bytes.length;
    }
  }

  /// {@return how many bytes the process has taken now; those it will never read count too}
  int push() throws LinuxException {
    int before = size;
    while (!waiting.isEmpty()) {
      ByteBuffer next = waiting.peek();
      int count = target.isOpen() ? write(next) : next.remaining();
      size -= count;
      if (target.isOpen() && next.hasRemaining()) {
        break;
      }
      waiting.remove();
    }
    if (ending && waiting.isEmpty()) {
      drop();
    } else {
      await(!waiting.isEmpty());
    }
    return before - size;
  }

  private void await(boolean room) throws LinuxException {
    if (room == waited || !target.isOpen()) {
      return;
    }
    waited = room;
    if (room) {
      poller.add(target, Poller.OUT, token);
    } else {
      poller.remove(target);
    }
  }

  private int write(ByteBuffer bytes) throws LinuxException {
    int before = bytes.remaining();
    try {
      int count = 1;
      while (bytes.hasRemaining() && count > 0) {
        count = target.write(direct(bytes));
        bytes.position(bytes.position() + count);
      }
    } catch (LinuxException e) {
      if (e.errno() != Errno.EPIPE && e.errno() != Errno.EIO) {
        throw e;
      }
      bytes.position(bytes.limit()); // the process reads no more
    }
    return before - bytes.remaining();
  }

  private ByteBuffer direct(ByteBuffer bytes) {
    if (room.capacity() < bytes.remaining()) {
      room = ByteBuffer.allocateDirect(bytes.remaining());
    }
    return room.clear().put(0, bytes, bytes.position(), bytes.remaining()).limit(bytes.remaining());
  }

  /// No more comes.
  void end() throws LinuxException {
    ending = true;
    if (waiting.isEmpty()) {
      drop();
    }
  }

  /// What waits is for nobody.
  void drop() throws LinuxException {
    await(false);
    target.close();
  }

  /// Comes after the end of the poller, too.
  @Override
  public void close() {
    target.close();
  }
}
