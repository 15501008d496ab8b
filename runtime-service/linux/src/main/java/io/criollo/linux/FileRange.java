// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/// Reads, writes and changes of a file at an offset, which leave its own position alone. Direct
/// buffers, whose position moves on.
public final class FileRange {
  private static final int FALLOC_FL_KEEP_SIZE = 1;
  private static final int FALLOC_FL_PUNCH_HOLE = 2;
  private static final int SPLICE_F_MOVE = 1;
  private static final int SPLICE_F_NONBLOCK = 2;

  private FileRange() {}

  /// pread(2).
  ///
  /// @return bytes read, -1 at the end of the file
  public static int read(Fd file, ByteBuffer into, long offset) throws LinuxException {
    int count = transfer(Syscall.PREAD64, file, into, offset);
    return count == 0 && into.hasRemaining() ? -1 : count;
  }

  /// pwrite(2) of all that remains.
  public static void write(Fd file, ByteBuffer from, long offset) throws LinuxException {
    long at = offset;
    while (from.hasRemaining()) {
      at += transfer(Syscall.PWRITE64, file, from, at);
    }
  }

  private static int transfer(Syscall call, Fd file, ByteBuffer buffer, long offset)
      throws LinuxException {
    if (!buffer.isDirect()) {
      throw new IllegalArgumentException("a direct buffer is needed");
    }
    long address = MemorySegment.ofBuffer(buffer).address();
    int number = file.acquire();
    try {
      long result = call.call(number, address, buffer.remaining(), offset);
      if (result < 0) {
        throw call.failed(result, call.nameInC() + " descriptor " + number + " at " + offset);
      }
      buffer.position(buffer.position() + (int) result);
      return (int) result;
    } finally {
      Reference.reachabilityFence(buffer);
      file.release();
    }
  }

  /// Gives the space of a range back; the size stays and the range reads as zeros (fallocate(2)).
  public static void punch(Fd file, long offset, long length) throws LinuxException {
    long mode = FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE;
    var _ = file.run(Syscall.FALLOCATE, "punch a hole into", mode, offset, length);
  }

  /// splice(2) from a pipe to `offset` of a file, without waiting: what leaves the pipe is in the
  /// file, also when the caller is killed meanwhile.
  ///
  /// @return bytes moved; 0 when the pipe is empty; -1 when it is empty and has no writer
  public static int splice(Fd pipe, Fd file, long offset, int longest) throws LinuxException {
    try (var arena = Arena.ofConfined()) {
      long at = arena.allocateFrom(ValueLayout.JAVA_LONG, offset).address();
      return move(pipe, file, at, longest);
    }
  }

  /// splice(2) from a terminal, socket or pipe into a pipe, without waiting.
  ///
  /// @return bytes moved; 0 when there is none or no room; -1 at the end, which is EIO for a
  ///   terminal that nobody has open any more
  public static int splice(Fd source, Fd pipe, int longest) throws LinuxException {
    try {
      return move(source, pipe, 0, longest);
    } catch (LinuxException e) {
      if (e.errno() == Errno.EIO) {
        return -1;
      }
      throw e;
    }
  }

  private static int move(Fd source, Fd target, long offsetAddress, int longest)
      throws LinuxException {
    int from = source.acquire();
    try {
      int to = target.acquire();
      try {
        long flags = SPLICE_F_MOVE | SPLICE_F_NONBLOCK;
        long moved = Syscall.SPLICE.call(from, 0, to, offsetAddress, longest, flags);
        if (moved < 0 && moved != -Errno.EAGAIN) {
          throw Syscall.SPLICE.failed(moved, "splice descriptor " + from + " to " + to);
        }
        return moved == 0 ? -1 : (int) Math.max(moved, 0);
      } finally {
        target.release();
      }
    } finally {
      source.release();
    }
  }
}
