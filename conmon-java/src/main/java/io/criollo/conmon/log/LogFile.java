// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.log;

import io.criollo.conmon.log.Checkpoint.LogIdentity;
import io.criollo.linux.Fd;
import io.criollo.linux.FileRange;
import io.criollo.linux.FileStat;
import io.criollo.linux.LinuxException;
import io.criollo.linux.OpenFlags;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/// The log file being written: whole entries only. When its file system has no room or fails, what
/// does not fit is dropped and counted, and the file is cut back to its last whole entry; the next
/// entries are tried again. One with a size limit is replaced by another before it exceeds that,
/// unless it is empty. Owned by the I/O thread.
final class LogFile implements AutoCloseable {
  private static final int APPEND =
      OpenFlags.O_RDWR | OpenFlags.O_APPEND | OpenFlags.O_NOFOLLOW | OpenFlags.O_NONBLOCK;
  private static final int MODE = 0640;
  private final Fd file;
  private final LogIdentity identity;
  private long size;
  private String trouble = "it takes no more";

  private LogFile(Fd file, FileStat stat) {
    this.file = file;
    this.identity = new LogIdentity(stat.device(), stat.inode());
    this.size = stat.size();
  }

  /// Opens or makes the file at `path`.
  static LogFile open(Path path) throws LinuxException {
    return open(path, APPEND | OpenFlags.O_CREAT);
  }

  private static LogFile open(Path path, int flags) throws LinuxException {
    Fd file = Fd.open(path, flags, MODE);
    try {
      return new LogFile(file, file.stat());
    } catch (LinuxException e) {
      file.close();
      throw e;
    }
  }

  /// Makes an empty file that is to take the place of the one at `path`.
  static LogFile next(Path path) throws LinuxException {
    return open(nextTo(path), APPEND | OpenFlags.O_CREAT | OpenFlags.O_TRUNC);
  }

  /// Puts the file that [#next] made in its place.
  static void replace(Path path) throws IOException {
    Files.move(nextTo(path), path, StandardCopyOption.ATOMIC_MOVE);
  }

  /// The name that conmon gives it.
  private static Path nextTo(Path path) {
    return path.resolveSibling(path.getFileName() + ".tmp");
  }

  /// Finds the file that was being written, which may have been renamed since, beside `path`; if it
  /// was about to take its place, it does.
  static Optional<LogFile> find(Path path, LogIdentity wanted) throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    if (wanted.inode() == 0 || folder == null || !Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (DirectoryStream<Path> siblings = Files.newDirectoryStream(folder, Files::isRegularFile)) {
      for (Path sibling : siblings) {
        if (Long.valueOf(wanted.inode()).equals(Files.getAttribute(sibling, "unix:ino"))) {
          LogFile found = open(sibling, APPEND);
          if (found.identity.equals(wanted)) {
            if (sibling.equals(nextTo(path.toAbsolutePath()))) {
              replace(path);
            }
            return Optional.of(found);
          }
          found.close();
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return Optional.empty();
  }

  LogIdentity identity() {
    return identity;
  }

  long size() {
    return size;
  }

  /// {@return how many of so many bytes may be appended under that limit; 0 for none}
  int room(int most, long limit) {
    long least = size == 0 ? CriLines.LONGEST : 0;
    return limit == 0 ? most : (int) Math.min(most, Math.max(limit - size, least));
  }

  /// Throws away what is in it.
  void empty() throws LinuxException {
    file.truncate(0);
    size = 0;
  }

  /// Cuts off what lies behind `keep`, and returns the first bytes of that.
  byte[] cutBack(long keep) throws LinuxException {
    if (size <= keep) {
      return new byte[0];
    }
    ByteBuffer head = ByteBuffer.allocateDirect(LogTime.LENGTH);
    FileRange.read(file, head, keep);
    file.truncate(keep);
    size = keep;
    byte[] bytes = new byte[head.flip().remaining()];
    head.get(bytes);
    return bytes;
  }

  /// Appends entries.
  ///
  /// @return how many bytes were dropped
  int append(ByteBuffer entries) {
    int start = entries.position();
    try {
      while (entries.hasRemaining()) {
        if (file.write(entries) == 0) {
          break;
        }
      }
    } catch (LinuxException e) {
      trouble = String.valueOf(e.getMessage());
      int whole = wholeEntries(entries, start);
      int dropped = entries.limit() - start - whole;
      repair(size + whole, entries.position() - start != whole);
      return dropped;
    }
    size += entries.position() - start;
    return entries.remaining();
  }

  /// {@return why entries were dropped last}
  String trouble() {
    return trouble;
  }

  private static int wholeEntries(ByteBuffer entries, int start) {
    int at = entries.position();
    while (at > start && entries.get(at - 1) != '\n') {
      at--;
    }
    return at - start;
  }

  private void repair(long keep, boolean torn) {
    size = keep;
    if (torn) {
      try {
        file.truncate(keep);
      } catch (LinuxException _) { // the disk fails altogether; the next append tries again
        size = keep;
      }
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
