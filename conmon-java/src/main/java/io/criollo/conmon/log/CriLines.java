// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.log;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.criollo.conmon.protocol.Stream;
import java.nio.ByteBuffer;
import java.time.Instant;

/// Formats raw output as CRI log lines: `time stream P|F content`. A line longer than [#WIDTH]
/// comes as several P entries and one F. What is written depends on the bytes alone, not on how
/// they were cut into reads: an unfinished line stays in the input until it ends, is wide enough,
/// or is asked for by [#flush]. Not thread-safe.
final class CriLines {
  /// Content bytes of one entry at most (conmon's width).
  static final int WIDTH = 8192;

  static final int HEADER = LogTime.LENGTH + " stdout F ".length();

  /// Bytes of one entry at most.
  static final int LONGEST = HEADER + WIDTH + 1;

  private static final byte[] STDOUT = " stdout ".getBytes(US_ASCII);
  private static final byte[] STDERR = " stderr ".getBytes(US_ASCII);
  private final LogTime time = new LogTime();
  private final byte[] header = new byte[HEADER];

  // Arrays, and small ones: without the second compiler a buffer outside the heap costs four times
  // as much for each line, and these stay in the processor's cache.
  private final byte[] text = new byte[32 << 10];
  private final byte[] made = new byte[64 << 10];
  private int taken;
  private int filled;

  CriLines() {
    header[HEADER - 1] = ' ';
  }

  void begin(Stream stream, Instant now) {
    System.arraycopy(time.text(now), 0, header, 0, LogTime.LENGTH);
    byte[] name = stream == Stream.STDERR ? STDERR : STDOUT;
    System.arraycopy(name, 0, header, LogTime.LENGTH, name.length);
  }

  /// Moves whole entries from `in` to `out` until either is used up.
  ///
  /// @return whether another entry was there, but no room for it
  boolean lines(ByteBuffer in, ByteBuffer out) {
    boolean more = true;
    boolean full = false;
    while (more && !full) {
      int length = Math.min(in.remaining(), text.length);
      int room = Math.min(out.remaining(), made.length);
      in.get(in.position(), text, 0, length);
      boolean another = format(length, room);
      full = another && room == out.remaining();
      more = another || length < in.remaining();
      in.position(in.position() + taken);
      out.put(made, 0, filled);
    }
    return full;
  }

  /// {@return whether another entry was there, but no room for it}
  private boolean format(int limit, int room) {
    taken = 0;
    filled = 0;
    while (taken < limit) {
      int end = NewlineSearch.find(text, taken, Math.min(limit, taken + WIDTH + 1));
      if (end < 0 && limit - taken <= WIDTH) {
        return false;
      }
      int length = end < 0 ? WIDTH : end - taken;
      if (room - filled < HEADER + length + 1) {
        return true;
      }
      entry(length, end < 0 ? 'P' : 'F');
      taken += end < 0 ? length : length + 1;
    }
    return false;
  }

  /// Writes what is left in `in` (an unfinished line of at most [#WIDTH] bytes) as a P entry.
  void flush(ByteBuffer in, ByteBuffer out) {
    int length = in.remaining();
    if (length > 0) {
      in.get(text, 0, length);
      taken = 0;
      filled = 0;
      entry(length, 'P');
      out.put(made, 0, filled);
    }
  }

  private void entry(int length, char tag) {
    header[HEADER - 2] = (byte) tag;
    System.arraycopy(header, 0, made, filled, HEADER);
    System.arraycopy(text, taken, made, filled + HEADER, length);
    filled += HEADER + length + 1;
    made[filled - 1] = '\n';
  }
}
