// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.seal;

import io.criollo.linux.DirFd;
import io.criollo.linux.Errno;
import io.criollo.linux.Fd;
import io.criollo.linux.LinuxException;
import io.criollo.linux.OpenFlags;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Sums up the content of files as the disk has it: past the page cache (O_DIRECT), which would
/// answer with what once was written, and which belongs to the containers. One thread.
final class DiskContent {
  private static final int BUFFER = 256 << 10;
  private static final int BLOCK = 4096;
  private static final int READ = OpenFlags.O_RDONLY | OpenFlags.O_NOFOLLOW;

  private final Pace pace;
  private @Nullable ByteBuffer buffer;

  DiskContent(Pace pace) {
    this.pace = pace;
  }

  /// {@return the CRC-32C of a file of this many bytes}
  long sum(DirFd parent, String name, long size) throws LinuxException, InterruptedIOException {
    try {
      return sum(parent, name, size, READ | OpenFlags.O_DIRECT);
    } catch (LinuxException e) {
      if (!e.is(Errno.EINVAL)) {
        throw e;
      }
      return sum(parent, name, size, READ); // the file system has no O_DIRECT, or larger blocks
    }
  }

  /// {@return the sum of what is in memory or on disk}, without a wish for either
  long cachedSum(DirFd parent, String name, long size)
      throws LinuxException, InterruptedIOException {
    return sum(parent, name, size, READ);
  }

  private long sum(DirFd parent, String name, long size, int flags)
      throws LinuxException, InterruptedIOException {
    var sum = new CRC32C();
    try (var file = parent.openFile(name, flags, 0)) {
      for (long at = 0; at < size; ) {
        int count = read(file, sum);
        if (count < 0) {
          break; // it is shorter than it says
        }
        at += count;
      }
    }
    return sum.getValue();
  }

  private int read(Fd file, CRC32C sum) throws LinuxException, InterruptedIOException {
    var bytes = buffer();
    int count = file.read(bytes);
    sum.update(bytes.flip());
    pace.took(Math.max(count, 0));
    return count;
  }

  /// Most layers are sealed without it.
  private ByteBuffer buffer() {
    if (buffer == null) {
      buffer = ByteBuffer.allocateDirect(BUFFER + BLOCK).alignedSlice(BLOCK).limit(BUFFER).slice();
    }
    return buffer.clear();
  }
}
