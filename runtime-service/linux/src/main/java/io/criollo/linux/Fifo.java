// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.nio.file.Path;

/// Named pipes (fifo(7)). What is opened here never blocks in open, follows no link, and is a FIFO.
public final class Fifo {

  private Fifo() {}

  /// Makes one with exactly these permissions; EEXIST when there is something.
  public static void create(Path path, int mode) throws LinuxException {
    try (var dir = DirFd.parentOf(path)) {
      var name = path.getFileName().toString();
      dir.mkfifo(name, 0);
      dir.chmod(name, mode);
    }
  }

  /// Opens both ends in one descriptor: it neither waits for a peer nor sees the end of the file,
  /// and keeps the pipe and what is in it alive.
  public static Fd openBoth(Path path) throws LinuxException {
    return open(path, OpenFlags.O_RDWR);
  }

  /// Opens for reading, not blocking: without a writer it reads as ended.
  public static Fd openRead(Path path) throws LinuxException {
    return open(path, OpenFlags.O_RDONLY);
  }

  /// Opens for writing, not blocking; ENXIO without a reader.
  public static Fd openWrite(Path path) throws LinuxException {
    return open(path, OpenFlags.O_WRONLY);
  }

  private static Fd open(Path path, int access) throws LinuxException {
    var fd =
        Fd.open(path, access | OpenFlags.O_NONBLOCK | OpenFlags.O_NOFOLLOW | OpenFlags.O_NOCTTY, 0);
    try {
      if ((fd.stat().mode() & FileStat.S_IFMT) != FileStat.S_IFIFO) {
        throw new LinuxException(Errno.EINVAL, "open " + path, "not a FIFO");
      }
      return fd;
    } catch (LinuxException e) {
      fd.close();
      throw e;
    }
  }
}
