// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.log;

import java.nio.ByteBuffer;
import java.util.Optional;

/// How much of each spool is in which log file: everything behind `logSize` in that file, and
/// nothing before it, comes again from the spools after a crash. `dropped` counts bytes that the
/// log's file system refused.
record Checkpoint(Taken taken, LogIdentity log, long logSize, long dropped) {
  /// Written by one pwrite(2) within one page: either whole or not at all.
  static final int SIZE = 64;

  private static final long MAGIC = 0x43524c4f47000001L;

  static final Checkpoint NONE = new Checkpoint(new Taken(0, 0), new LogIdentity(0, 0), 0, 0);

  /// Bytes of each stream that are done with.
  record Taken(long stdout, long stderr) {}

  /// A file whatever its name; 0, 0 is none.
  record LogIdentity(long device, long inode) {}

  void put(ByteBuffer into) {
    into.clear().limit(SIZE);
    into.putLong(0, MAGIC).putLong(8, taken.stdout()).putLong(16, taken.stderr());
    into.putLong(24, log.device()).putLong(32, log.inode()).putLong(40, logSize);
    into.putLong(48, dropped).putLong(56, 0);
  }

  /// {@return empty for what is not a checkpoint}
  static Optional<Checkpoint> get(ByteBuffer from) {
    if (from.remaining() < SIZE || from.getLong(0) != MAGIC) {
      return Optional.empty();
    }
    var taken = new Taken(from.getLong(8), from.getLong(16));
    var log = new LogIdentity(from.getLong(24), from.getLong(32));
    return Optional.of(new Checkpoint(taken, log, from.getLong(40), from.getLong(48)));
  }
}
