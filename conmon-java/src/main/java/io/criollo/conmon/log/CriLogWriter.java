// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.log;

import io.criollo.conmon.log.Checkpoint.LogIdentity;
import io.criollo.conmon.log.Checkpoint.Taken;
import io.criollo.conmon.protocol.Stream;
import io.criollo.linux.Fd;
import io.criollo.linux.FileRange;
import io.criollo.linux.LinuxException;
import io.criollo.linux.OpenFlags;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/// From the pipes of one container through its spools into its log file. Three steps, each one
/// system call: pipe → spool, spool → log, checkpoint. After a kill between two of them, [#open]
/// cuts the log back to the checkpoint and does the rest again. Owned by the I/O thread; who opens
/// it closes it.
public final class CriLogWriter implements AutoCloseable {
  private final LogBuffers buffers;
  private final Optional<Path> path;
  private final Spool stdout;
  private final Spool stderr;
  private final Fd checkpoints;
  private Optional<LogFile> log = Optional.empty();
  private Taken taken;
  private long dropped;

  private CriLogWriter(LogBuffers buffers, Path folder, Optional<Path> path) throws LinuxException {
    this.buffers = buffers;
    this.path = path;
    this.stdout = Spool.open(folder.resolve("spool.stdout"));
    this.stderr = Spool.open(folder.resolve("spool.stderr"));
    int flags = OpenFlags.O_RDWR | OpenFlags.O_CREAT | OpenFlags.O_NOFOLLOW;
    this.checkpoints = Fd.open(folder.resolve("checkpoint"), flags, 0600);
    this.taken = new Taken(0, 0);
  }

  /// Starts, or goes on after a crash. Spools and checkpoint are in `folder`, on a tmpfs; without a
  /// `path` the output is discarded.
  public static CriLogWriter open(LogBuffers buffers, Path folder, Optional<Path> path)
      throws IOException {
    var writer = new CriLogWriter(buffers, folder, path);
    try {
      writer.recover();
      return writer;
    } catch (IOException | RuntimeException e) {
      writer.close();
      throw e;
    }
  }

  private void recover() throws IOException {
    ByteBuffer bytes = buffers.checkpoint.clear();
    FileRange.read(checkpoints, bytes, 0);
    Checkpoint last = Checkpoint.get(bytes.flip()).orElse(Checkpoint.NONE);
    taken = last.taken();
    dropped = last.dropped();
    if (path.isEmpty()) {
      return;
    }
    log = LogFile.find(path.get(), last.log());
    byte[] again = log.isPresent() ? log.get().cutBack(last.logSize()) : new byte[0];
    if (log.isEmpty()) {
      log = Optional.of(LogFile.open(path.get()));
    }
    Instant now = timeOf(again);
    write(Stream.STDOUT, now);
    write(Stream.STDERR, now);
    save();
  }

  /// Entries that were written before keep their time, so that a reader who saw them sees them
  /// again.
  private static Instant timeOf(byte[] entry) {
    if (LogTime.looksLike(entry)) {
      try {
        return Instant.parse(new String(entry, java.nio.charset.StandardCharsets.US_ASCII));
      } catch (DateTimeParseException _) { // digits, but no date
        return Instant.now();
      }
    }
    return Instant.now();
  }

  /// Takes what the pipe holds, at most one chunk, and keeps it; [#write] then logs it.
  ///
  /// @return the number of bytes taken
  public int fill(Stream stream, Fd pipe) throws LinuxException {
    return spool(stream).fill(pipe, LogBuffers.CHUNK);
  }

  /// {@return the last `count` bytes that were taken, before they are logged}
  public byte[] last(Stream stream, int count) throws LinuxException {
    Spool spool = spool(stream);
    ByteBuffer raw = buffers.raw.clear().limit(count);
    spool.read(raw, spool.end() - count);
    byte[] bytes = new byte[raw.flip().remaining()];
    raw.get(bytes);
    return bytes;
  }

  /// Logs the lines that are complete.
  public void write(Stream stream) throws LinuxException {
    write(stream, Instant.now());
  }

  /// {@return where the unfinished line of a stream begins, counted from its first byte; -1 = none}
  public long unfinished(Stream stream) {
    long begin = taken(stream);
    return begin < spool(stream).end() ? begin : -1;
  }

  /// {@return whether used bytes still take memory}
  public boolean reclaimable(Stream stream) {
    return spool(stream).reclaimable(taken(stream));
  }

  /// Logs an unfinished line as partial, and gives memory back.
  public void flush(Stream stream) throws LinuxException {
    Spool spool = spool(stream);
    long begin = taken(stream);
    if (begin < spool.end() && log.isPresent()) {
      ByteBuffer raw = load(spool, begin);
      ByteBuffer entries = buffers.entries.clear();
      buffers.lines.begin(stream, Instant.now());
      buffers.lines.flush(raw, entries);
      append(stream, begin + raw.position(), entries.flip());
    }
    spool.used(taken(stream), true);
  }

  private void write(Stream stream, Instant now) throws LinuxException {
    Spool spool = spool(stream);
    if (log.isEmpty()) {
      advance(stream, spool.end());
      save();
    } else {
      buffers.lines.begin(stream, now);
      long before;
      do {
        before = taken(stream);
        writeChunk(stream, spool);
      } while (taken(stream) > before && taken(stream) < spool.end());
    }
    spool.used(taken(stream), false);
  }

  private void writeChunk(Stream stream, Spool spool) throws LinuxException {
    long begin = taken(stream);
    ByteBuffer raw = load(spool, begin);
    int position;
    do {
      position = raw.position();
      ByteBuffer entries = buffers.entries.clear();
      buffers.lines.lines(raw, entries);
      if (raw.position() > position) {
        append(stream, begin + raw.position(), entries.flip());
      }
    } while (raw.position() > position);
  }

  private ByteBuffer load(Spool spool, long begin) throws LinuxException {
    ByteBuffer raw = buffers.raw.clear();
    raw.limit((int) Math.min(raw.capacity(), spool.end() - begin));
    spool.read(raw, begin);
    return raw.flip();
  }

  private void append(Stream stream, long upTo, ByteBuffer entries) throws LinuxException {
    dropped += log.orElseThrow().append(entries);
    advance(stream, upTo);
    save();
  }

  /// Starts the log file anew under its name; it exists when this returns.
  public void reopen() throws LinuxException {
    if (path.isPresent()) {
      LogFile fresh = LogFile.open(path.get());
      log.ifPresent(LogFile::close);
      log = Optional.of(fresh);
      save();
    }
  }

  /// {@return bytes of log that its file system refused}
  public long dropped() {
    return dropped;
  }

  private void save() throws LinuxException {
    LogIdentity identity = log.map(LogFile::identity).orElse(Checkpoint.NONE.log());
    long size = log.map(LogFile::size).orElse(0L);
    new Checkpoint(taken, identity, size, dropped).put(buffers.checkpoint);
    FileRange.write(checkpoints, buffers.checkpoint, 0);
  }

  private Spool spool(Stream stream) {
    return stream == Stream.STDERR ? stderr : stdout;
  }

  private long taken(Stream stream) {
    return stream == Stream.STDERR ? taken.stderr() : taken.stdout();
  }

  private void advance(Stream stream, long to) {
    taken = stream == Stream.STDERR ? new Taken(taken.stdout(), to) : new Taken(to, taken.stderr());
  }

  @Override
  public void close() {
    stdout.close();
    stderr.close();
    checkpoints.close();
    log.ifPresent(LogFile::close);
  }
}
