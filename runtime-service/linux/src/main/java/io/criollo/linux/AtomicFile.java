// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/// Replaces a file as a whole: a reader sees the old content or the new, never a part. The
/// temporary name is `.NAME.PID-N.tmp` beside it; [#sweep] removes those that a crash left. Mode
/// 0600. Any thread.
public final class AtomicFile {
  private static final AtomicLong COUNTER = new AtomicLong();
  private static final int NEW =
      OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_EXCL | OpenFlags.O_NOFOLLOW;

  private AtomicFile() {}

  /// Survives a crash of the machine once it returned: content, rename and directory are synced.
  public static void write(Path file, byte[] content) throws LinuxException {
    write(file, content, true);
  }

  /// Without any sync, for files on tmpfs.
  public static void writeVolatile(Path file, byte[] content) throws LinuxException {
    write(file, content, false);
  }

  private static void write(Path file, byte[] content, boolean durable) throws LinuxException {
    try (var dir = DirFd.parentOf(file)) {
      replace(dir, file.getFileName().toString(), content, durable);
    } catch (LinuxException e) {
      throw new LinuxException(e.errno(), "write " + file, e.call());
    }
  }

  private static void replace(DirFd dir, String name, byte[] content, boolean durable)
      throws LinuxException {
    var temporary =
        "." + name + "." + ProcessHandle.current().pid() + "-" + COUNTER.incrementAndGet() + ".tmp";
    try {
      try (var fd = dir.openFile(temporary, NEW, 0600)) {
        fd.writeAll(content);
        if (durable) {
          fd.fsync();
        }
      }
      dir.rename(dir, temporary, name);
    } catch (LinuxException e) {
      discard(dir, temporary, e);
      throw e;
    }
    if (durable) {
      dir.fd().fsync();
    }
  }

  private static void discard(DirFd dir, String temporary, LinuxException cause) {
    try {
      dir.unlink(temporary);
    } catch (LinuxException e) {
      if (e.errno() != Errno.ENOENT) {
        cause.addSuppressed(e);
      }
    }
  }

  /// Removes temporary files that writers of an earlier process left in `directory`.
  public static void sweep(Path directory) throws LinuxException {
    try (var dir = DirFd.open(directory)) {
      for (var entry : dir.list()) {
        if (entry.name().matches("\\..+\\.\\d+-\\d+\\.tmp")) {
          dir.unlink(entry.name());
        }
      }
    }
  }
}
