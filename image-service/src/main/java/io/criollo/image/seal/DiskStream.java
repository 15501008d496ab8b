// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.seal;

import io.criollo.linux.Errno;
import io.criollo.linux.Fd;
import io.criollo.linux.LinuxException;
import io.criollo.linux.OpenFlags;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/// A file whose failures say with which errno: those of a disk are told from all others. One
/// thread.
public final class DiskStream extends InputStream {
  private static final int BUFFER = 16 << 10;

  private final Path path;
  private final Fd file;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER).limit(0);

  private DiskStream(Path path, Fd file) {
    this.path = path;
    this.file = file;
  }

  public static DiskStream open(Path path) throws LinuxException {
    return new DiskStream(path, Fd.open(path, OpenFlags.O_RDONLY, 0));
  }

  /// {@return whether it is the disk, or the file system on it, that is broken}
  public static boolean isDisks(LinuxException e) {
    return e.is(Errno.EIO, Errno.EUCLEAN, Errno.EBADMSG, Errno.EILSEQ, Errno.EREMOTEIO);
  }

  @Override
  public int read() throws LinuxException {
    return fill() ? buffer.get() & 0xff : -1;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws LinuxException {
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int count = Math.min(length, buffer.remaining());
    buffer.get(into, offset, count);
    return count;
  }

  /// {@return whether there is a byte left}
  private boolean fill() throws LinuxException {
    if (!buffer.hasRemaining()) {
      buffer.clear();
      try {
        var _ = file.read(buffer);
      } catch (LinuxException e) {
        throw new LinuxException(e.errno(), "read " + path, "");
      } finally {
        buffer.flip();
      }
    }
    return buffer.hasRemaining();
  }

  @Override
  public void close() {
    file.close();
  }
}
