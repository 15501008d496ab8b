// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.seal;

import io.criollo.linux.DirFd;
import io.criollo.linux.Fd;
import io.criollo.linux.LinuxException;
import io.criollo.linux.OpenFlags;
import java.nio.ByteBuffer;

/// Notes the checksum of each file while a layer is unpacked, so that sealing the layer does not
/// read it again: pairs of inode and sum, the latest of an inode counts. One thread; closed by who
/// opened it.
public final class SumNotes implements AutoCloseable {
  public static final String SUFFIX = ".sums";

  /// A file whose content was not summed up, as one with holes.
  public static final long UNKNOWN = -1;

  /// More are not worth their memory when they are looked up: such a layer is read again.
  private static final int MOST = 1_000_000;

  private static final int PAIRS = 1024;
  private static final int NEW =
      OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_TRUNC | OpenFlags.O_NOFOLLOW;

  private final Fd file;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(PAIRS * 2 * Long.BYTES);
  private int count;

  private SumNotes(Fd file) {
    this.file = file;
  }

  /// {@return notes in a new file beside a tree}
  public static SumNotes beside(DirFd folder, String tree) throws LinuxException {
    return new SumNotes(folder.openFile(tree + SUFFIX, NEW, 0600));
  }

  /// Notes one file, in place of what was noted of its inode before.
  ///
  /// @param sum CRC-32C of the content, or [#UNKNOWN]
  public void add(long inode, long sum) throws LinuxException {
    count++;
    if (count > MOST) {
      buffer.clear();
      return;
    }
    buffer.putLong(inode).putLong(sum);
    if (!buffer.hasRemaining()) {
      flush();
    }
  }

  /// Writes what is left.
  public void finish() throws LinuxException {
    if (count > MOST) {
      file.truncate(0);
    } else {
      flush();
    }
  }

  private void flush() throws LinuxException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      file.write(buffer);
    }
    buffer.clear();
  }

  @Override
  public void close() {
    file.close();
  }
}
