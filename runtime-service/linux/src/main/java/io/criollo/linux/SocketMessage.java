// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// sendmsg(2) and recvmsg(2) with SCM_RIGHTS. Layouts of 64-bit Linux: `msghdr { name; u32 namelen;
/// iov; iovlen; control; controllen; int flags; }` of 56 bytes, `cmsghdr { size_t length; int
/// level; int type; }` of 16 bytes, then the descriptors.
final class SocketMessage {
  static final int MOST_DESCRIPTORS = 253;
  private static final int HEADER = 16;
  private static final int SOL_SOCKET = 1;
  private static final int SCM_RIGHTS = 1;
  private static final int MSG_CTRUNC = 0x8;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int MSG_CMSG_CLOEXEC = 0x40000000;

  private SocketMessage() {}

  static int send(Fd socket, ByteBuffer from, List<Fd> descriptors) throws LinuxException {
    if (!from.isDirect() || descriptors.size() > MOST_DESCRIPTORS) {
      throw new IllegalArgumentException(
          "a direct buffer and at most " + MOST_DESCRIPTORS + " descriptors");
    }
    if (!from.hasRemaining()) {
      throw new IllegalArgumentException("nothing to send");
    }
    var held = new ArrayList<Fd>();
    try (var arena = Arena.ofConfined()) {
      var control = descriptors.isEmpty() ? MemorySegment.NULL : rights(arena, descriptors, held);
      return (int)
          transfer(Syscall.SENDMSG, socket, from, message(arena, from, control), MSG_NOSIGNAL);
    } finally {
      held.forEach(Fd::release);
    }
  }

  private static MemorySegment rights(Arena arena, List<Fd> descriptors, List<Fd> held)
      throws LinuxException {
    var length = HEADER + 4L * descriptors.size();
    var control = arena.allocate(length + 7 & ~7L, 8);
    control.set(ValueLayout.JAVA_LONG, 0, length);
    control.set(ValueLayout.JAVA_INT, 8, SOL_SOCKET);
    control.set(ValueLayout.JAVA_INT, 12, SCM_RIGHTS);
    for (var i = 0; i < descriptors.size(); i++) {
      control.set(ValueLayout.JAVA_INT, HEADER + 4L * i, descriptors.get(i).acquire());
      held.add(descriptors.get(i));
    }
    return control;
  }

  static UnixSockets.Received receive(Fd socket, ByteBuffer into, int flags) throws LinuxException {
    if (!into.isDirect() || into.isReadOnly() || !into.hasRemaining()) {
      throw new IllegalArgumentException("a direct, writable buffer with room is needed");
    }
    try (var arena = Arena.ofConfined()) {
      var control = arena.allocate(HEADER + 4L * MOST_DESCRIPTORS + 4, 8);
      var message = message(arena, into, control);
      var count = transfer(Syscall.RECVMSG, socket, into, message, MSG_CMSG_CLOEXEC | flags);
      if (count < 0) {
        return new UnixSockets.Received(0, List.of());
      }
      var descriptors = descriptors(control, message.get(ValueLayout.JAVA_LONG, 40));
      if ((message.get(ValueLayout.JAVA_INT, 48) & MSG_CTRUNC) != 0) {
        descriptors.forEach(Fd::close);
        throw new LinuxException(Errno.EMFILE, "receive descriptors", "not all of them fit");
      }
      return new UnixSockets.Received(count == 0 ? -1 : (int) count, descriptors);
    }
  }

  private static List<Fd> descriptors(MemorySegment control, long length) {
    var descriptors = new ArrayList<Fd>();
    for (var at = 0L; at + HEADER <= length; ) {
      var size = control.get(ValueLayout.JAVA_LONG, at);
      var rights =
          control.get(ValueLayout.JAVA_INT, at + 8) == SOL_SOCKET
              && control.get(ValueLayout.JAVA_INT, at + 12) == SCM_RIGHTS;
      for (var i = at + HEADER; rights && i + 4 <= at + size; i += 4) {
        descriptors.add(Fd.adopt(control.get(ValueLayout.JAVA_INT, i)));
      }
      at += Math.max(size + 7 & ~7L, HEADER);
    }
    return descriptors;
  }

  private static MemorySegment message(Arena arena, ByteBuffer buffer, MemorySegment control) {
    var vector = arena.allocate(16, 8);
    vector.set(ValueLayout.JAVA_LONG, 0, MemorySegment.ofBuffer(buffer).address());
    vector.set(ValueLayout.JAVA_LONG, 8, buffer.remaining());
    var message = arena.allocate(56, 8);
    message.set(ValueLayout.JAVA_LONG, 16, vector.address());
    message.set(ValueLayout.JAVA_LONG, 24, 1);
    message.set(ValueLayout.JAVA_LONG, 32, control.address());
    message.set(ValueLayout.JAVA_LONG, 40, control.byteSize());
    return message;
  }

  /// {@return bytes, by which the buffer's position moved; a send gives 0 and a receive -1 for
  /// EAGAIN}
  private static long transfer(
      Syscall call, Fd socket, ByteBuffer buffer, MemorySegment message, int flags)
      throws LinuxException {
    var number = socket.acquire();
    try {
      var result = call.call(number, message.address(), flags);
      if (result == -Errno.EAGAIN) {
        return call == Syscall.SENDMSG ? 0 : -1;
      }
      if (result < 0) {
        throw call.failed(
            result,
            (call == Syscall.SENDMSG ? "send to" : "receive from") + " descriptor " + number);
      }
      buffer.position(buffer.position() + (int) result);
      return result;
    } finally {
      Reference.reachabilityFence(buffer);
      socket.release();
    }
  }
}
