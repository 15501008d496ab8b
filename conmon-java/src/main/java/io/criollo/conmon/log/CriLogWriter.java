// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.log;

import io.criollo.conmon.log.Checkpoint.LogIdentity;
import io.criollo.conmon.log.Checkpoint.Taken;
import io.criollo.conmon.protocol.ContainerStdio;
import io.criollo.conmon.protocol.LogLoss;
import io.criollo.conmon.protocol.LogPolicy;
import io.criollo.conmon.protocol.Stream;
import io.criollo.linux.Fd;
import io.criollo.linux.FileRange;
import io.criollo.linux.LinuxException;
import io.criollo.linux.OpenFlags;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// From the pipes of one container through its spools into its log file. Three steps, each one
/// system call: pipe → spool, spool → log, checkpoint. After a kill between two of them, [#open]
/// cuts the log back to the checkpoint and does the rest again. Owned by the I/O thread; who opens
/// it closes it.
public final class CriLogWriter implements AutoCloseable {
  /// How long nothing more is said of a log that cannot be written.
  private static final Duration SILENCE = Duration.ofMinutes(1);

  /// How long a file that could not be opened is not tried again.
  private static final Duration TRY_AGAIN = Duration.ofSeconds(1);

  private final LogBuffers buffers;
  private final String id;
  private final Optional<Path> path;
  private final LogPolicy policy;
  private final Spool stdout;
  private final Spool stderr;
  private final Fd checkpoints;
  private Optional<LogFile> log = Optional.empty();
  private Optional<Lost> lost = Optional.empty();
  private Taken taken;
  private LogLoss loss = LogLoss.NONE;
  private OptionalLong lastTold = OptionalLong.empty();
  private final Map<Stream, JournalStream> journal = new EnumMap<>(Stream.class);

  private CriLogWriter(LogBuffers buffers, Path folder, String id, ContainerStdio stdio)
      throws LinuxException {
    this.buffers = buffers;
    this.id = id;
    this.path = stdio.log();
    this.policy = stdio.policy();
    policy.journal().ifPresent(this::copyTo);
    this.stdout = Spool.open(folder.resolve("spool.stdout"));
    this.stderr = Spool.open(folder.resolve("spool.stderr"));
    int flags = OpenFlags.O_RDWR | OpenFlags.O_CREAT | OpenFlags.O_NOFOLLOW;
    this.checkpoints = Fd.open(checkpoint(folder), flags, 0600);
    this.taken = new Taken(0, 0);
  }

  private void copyTo(String name) {
    journal.put(Stream.STDOUT, new JournalStream(id, name, Stream.STDOUT));
    journal.put(Stream.STDERR, new JournalStream(id, name, Stream.STDERR));
  }

  /// A log file that cannot be opened: what is known of the one that was written last.
  private record Lost(LogIdentity file, long size, IOException why, long since) {
    boolean recent() {
      return System.nanoTime() - since < TRY_AGAIN.toNanos();
    }
  }

  /// Starts. Spools and checkpoint are in `folder`, on a tmpfs; without a `path` the output is
  /// discarded.
  ///
  /// @param id the container's
  public static CriLogWriter open(LogBuffers buffers, Path folder, String id, ContainerStdio stdio)
      throws IOException {
    var writer = goOn(buffers, folder, id, stdio);
    if (writer.lost.isPresent()) {
      writer.close();
      throw writer.lost.get().why();
    }
    return writer;
  }

  /// Starts, or goes on after a crash. While the log file cannot be opened the output is dropped
  /// and counted, and it is tried again.
  public static CriLogWriter goOn(LogBuffers buffers, Path folder, String id, ContainerStdio stdio)
      throws IOException {
    var writer = new CriLogWriter(buffers, folder, id, stdio);
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
    loss = last.loss();
    if (path.isEmpty()) {
      return;
    }
    byte[] again = find(last.log(), last.logSize());
    Instant now = timeOf(again);
    write(Stream.STDOUT, now);
    write(Stream.STDERR, now);
    save();
  }

  /// Finds the file that was written last, cut back to what is known of it, or makes another.
  ///
  /// @return the first bytes of what was cut off
  private byte[] find(LogIdentity last, long size) {
    Optional<LogFile> found = Optional.empty();
    try {
      found = LogFile.find(path.orElseThrow(), last);
      byte[] again = found.isPresent() ? found.get().cutBack(size) : new byte[0];
      log = Optional.of(found.isPresent() ? found.get() : LogFile.open(path.orElseThrow()));
      lost = Optional.empty();
      return again;
    } catch (IOException e) {
      found.ifPresent(LogFile::close);
      lost = Optional.of(new Lost(last, size, e, System.nanoTime()));
      return new byte[0];
    }
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
  public void write(Stream stream) throws IOException {
    write(stream, Instant.now());
  }

  /// Drops the lines that are complete, and counts them, but for the first, of which a part may be
  /// in the log.
  public void drop(Stream stream) throws IOException {
    Spool spool = spool(stream);
    long begin = taken(stream);
    ByteBuffer raw = load(spool, begin);
    int first = firstNewline(raw);
    int last = lastNewline(raw);
    if (log.isEmpty() || first == last) {
      write(stream);
      return;
    }
    buffers.lines.begin(stream, Instant.now());
    writeEntries(stream, begin, raw.limit(first + 1));
    loss = loss.plus(new LogLoss(0, last - first, 0));
    advance(stream, begin + last + 1);
    save();
    write(stream);
  }

  private static int firstNewline(ByteBuffer raw) {
    int at = 0;
    while (at < raw.limit() && raw.get(at) != '\n') {
      at++;
    }
    return at < raw.limit() ? at : -1;
  }

  private static int lastNewline(ByteBuffer raw) {
    int at = raw.limit() - 1;
    while (at >= 0 && raw.get(at) != '\n') {
      at--;
    }
    return at;
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
  public void flush(Stream stream) throws IOException {
    Spool spool = spool(stream);
    long begin = taken(stream);
    if (begin < spool.end() && log.isPresent()) {
      ByteBuffer raw = load(spool, begin);
      if (room() < CriLines.HEADER + raw.remaining() + 1) {
        startAnew();
      }
      ByteBuffer entries = buffers.entries.clear();
      buffers.lines.begin(stream, Instant.now());
      buffers.lines.flush(raw, entries);
      append(stream, begin + raw.position(), entries.flip());
    }
    spool.used(taken(stream), true);
  }

  private void write(Stream stream, Instant now) throws IOException {
    Spool spool = spool(stream);
    if (lost.isPresent() && !lost.get().recent()) {
      find(lost.get().file(), lost.get().size());
    }
    if (log.isEmpty()) {
      discard(stream, spool.end());
    } else {
      buffers.lines.begin(stream, now);
      long before;
      do {
        before = taken(stream);
        writeEntries(stream, before, load(spool, before));
      } while (taken(stream) > before && taken(stream) < spool.end());
    }
    spool.used(taken(stream), false);
  }

  private void discard(Stream stream, long upTo) throws LinuxException {
    if (lost.isPresent() && upTo > taken(stream)) {
      loss = loss.plus(new LogLoss(upTo - taken(stream), 0, 0));
      tellTrouble(String.valueOf(lost.get().why().getMessage()));
    }
    advance(stream, upTo);
    save();
  }

  /// Logs the whole lines of `raw`, which begins at `begin` of the stream.
  private void writeEntries(Stream stream, long begin, ByteBuffer raw) throws IOException {
    boolean more = true;
    while (more) {
      int position = raw.position();
      ByteBuffer entries = buffers.entries.clear().limit(room());
      more = buffers.lines.lines(raw, entries);
      if (raw.position() > position) {
        append(stream, begin + raw.position(), entries.flip());
      } else if (more) {
        startAnew();
      }
    }
  }

  private int room() {
    return log.orElseThrow().room(buffers.entries.capacity(), policy.sizeMax());
  }

  /// The log file is full: another one takes its place, which readers notice. The checkpoint goes
  /// first, so that after a crash the new one is gone on with.
  private void startAnew() throws IOException {
    LogFile full = log.orElseThrow();
    try {
      LogFile next = LogFile.next(path.orElseThrow());
      log = Optional.of(next);
      save();
      LogFile.replace(path.orElseThrow());
      full.close();
    } catch (IOException _) { // the file system has no room for another one, or fails
      log.filter(next -> next != full).ifPresent(LogFile::close);
      log = Optional.of(full);
      full.empty();
      save();
    }
  }

  private ByteBuffer load(Spool spool, long begin) throws LinuxException {
    ByteBuffer raw = buffers.raw.clear();
    raw.limit((int) Math.min(raw.capacity(), spool.end() - begin));
    spool.read(raw, begin);
    return raw.flip();
  }

  private void append(Stream stream, long upTo, ByteBuffer entries) throws LinuxException {
    JournalStream copies = journal.get(stream);
    long unsent = copies == null ? 0 : buffers.journal.offer(copies, entries);
    int refused = log.orElseThrow().append(entries);
    loss = loss.plus(new LogLoss(refused, 0, unsent));
    if (refused > 0) {
      tellTrouble(log.orElseThrow().trouble());
    }
    advance(stream, upTo);
    save();
  }

  /// Where operators look, but not for each entry.
  private void tellTrouble(String why) {
    long now = System.nanoTime();
    if (lastTold.isEmpty() || now - lastTold.getAsLong() > SILENCE.toNanos()) {
      lastTold = OptionalLong.of(now);
      System.err.println( // in one piece: the daemon writes to the same place
          "WARNING output of container %s is missing in %s, %d bytes so far: %s"
              .formatted(id, path.orElseThrow(), loss.refused(), why));
    }
  }

  /// Starts the log file anew under its name; it exists when this returns.
  public void reopen() throws LinuxException {
    if (path.isPresent()) {
      LogFile fresh = LogFile.open(path.get());
      log.ifPresent(LogFile::close);
      log = Optional.of(fresh);
      lost = Optional.empty();
      save();
    }
  }

  /// {@return whether lines may be dropped}
  public boolean dropping() {
    return policy.dropping();
  }

  public LogLoss loss() {
    return loss;
  }

  /// {@return what is missing in the log of a container that has ended}
  public static LogLoss lossIn(Path folder) {
    try {
      var bytes = ByteBuffer.wrap(Files.readAllBytes(checkpoint(folder)));
      return Checkpoint.get(bytes.order(ByteOrder.LITTLE_ENDIAN))
          .map(Checkpoint::loss)
          .orElse(LogLoss.NONE);
    } catch (IOException _) { // it has had no log
      return LogLoss.NONE;
    }
  }

  private static Path checkpoint(Path folder) {
    return folder.resolve("checkpoint");
  }

  private void save() throws LinuxException {
    LogIdentity identity =
        log.map(LogFile::identity).or(() -> lost.map(Lost::file)).orElse(Checkpoint.NONE.log());
    long size = log.map(LogFile::size).or(() -> lost.map(Lost::size)).orElse(0L);
    new Checkpoint(taken, identity, size, loss).put(buffers.checkpoint);
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
