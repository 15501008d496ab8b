// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.log;

import io.criollo.linux.Fd;
import io.criollo.linux.FileRange;
import io.criollo.linux.LinuxException;
import io.criollo.linux.OpenFlags;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/// All that one stream ever wrote, as a file whose size is the count: one splice(2) both takes
/// bytes out of the pipe and stores them, so a kill at any instant loses none. What has been used
/// is punched out again and takes no memory. Owned by the I/O thread; who opens it closes it.
final class Spool implements AutoCloseable {
  /// Used bytes that may stay before they are punched out.
  private static final int SLACK = 256 << 10;

  private static final int PAGE = 4096;
  private final Fd file;
  private long end;
  private long punched;

  private Spool(Fd file, long end) {
    this.file = file;
    this.end = end;
  }

  static Spool open(Path path) throws LinuxException {
    Fd file = Fd.open(path, OpenFlags.O_RDWR | OpenFlags.O_CREAT | OpenFlags.O_NOFOLLOW, 0600);
    try {
      return new Spool(file, file.stat().size());
    } catch (LinuxException e) {
      file.close();
      throw e;
    }
  }

  /// {@return how many bytes came from the pipe, at most `max`; 0 when it is empty}
  int fill(Fd pipe, int max) throws LinuxException {
    int count = FileRange.splice(pipe, file, end, max);
    end += Math.max(count, 0);
    return Math.max(count, 0);
  }

  /// The number of bytes ever stored.
  long end() {
    return end;
  }

  /// Fills `into` from `offset` on.
  void read(ByteBuffer into, long offset) throws LinuxException {
    long at = offset;
    while (into.hasRemaining() && at < end) {
      int count = FileRange.read(file, into, at);
      if (count <= 0) {
        return;
      }
      at += count;
    }
  }

  boolean reclaimable(long offset) {
    return offset / PAGE * PAGE > punched;
  }

  /// The bytes before `offset` are not needed any more.
  void used(long offset, boolean idle) throws LinuxException {
    long upTo = offset / PAGE * PAGE;
    if (upTo - punched >= (idle ? PAGE : SLACK)) {
      FileRange.punch(file, punched, upTo - punched);
      punched = upTo;
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
