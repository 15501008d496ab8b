// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.log;

import io.criollo.conmon.protocol.LogLoss;
import java.nio.ByteBuffer;
import java.util.Optional;

/// How much of each spool is in which log file: everything behind `logSize` in that file, and
/// nothing before it, comes again from the spools after a crash. What is missing in the log is
/// counted here too.
record Checkpoint(Taken taken, LogIdentity log, long logSize, LogLoss loss) {
  /// Written by one pwrite(2) within one page: either whole or not at all.
  static final int SIZE = 72;

  /// Without what journald did not take.
  private static final int LEAST = 64;

  private static final long MAGIC = 0x43524c4f47000001L;

  static final Checkpoint NONE =
      new Checkpoint(new Taken(0, 0), new LogIdentity(0, 0), 0, LogLoss.NONE);

  /// Bytes of each stream that are done with.
  record Taken(long stdout, long stderr) {}

  /// A file whatever its name; 0, 0 is none.
  record LogIdentity(long device, long inode) {}

  void put(ByteBuffer into) {
    into.clear().limit(SIZE);
    into.putLong(0, MAGIC).putLong(8, taken.stdout()).putLong(16, taken.stderr());
    into.putLong(24, log.device()).putLong(32, log.inode()).putLong(40, logSize);
    into.putLong(48, loss.refused()).putLong(56, loss.dropped()).putLong(64, loss.unsent());
  }

  /// {@return empty for what is not a checkpoint}
  static Optional<Checkpoint> get(ByteBuffer from) {
    if (from.remaining() < LEAST || from.getLong(0) != MAGIC) {
      return Optional.empty();
    }
    var taken = new Taken(from.getLong(8), from.getLong(16));
    var log = new LogIdentity(from.getLong(24), from.getLong(32));
    long unsent = from.remaining() < SIZE ? 0 : from.getLong(64);
    var loss = new LogLoss(from.getLong(48), from.getLong(56), unsent);
    return Optional.of(new Checkpoint(taken, log, from.getLong(40), loss));
  }
}
