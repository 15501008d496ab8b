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
    int from = in.position();
    int limit = in.limit();
    boolean full = false;
    while (from < limit) {
      int end = NewlineSearch.find(in, from, Math.min(limit, from + WIDTH + 1));
      int length = end < 0 ? WIDTH : end - from;
      if (end < 0 && limit - from <= WIDTH) {
        break;
      }
      full = out.remaining() < HEADER + length + 1;
      if (full) {
        break;
      }
      entry(in, from, length, end < 0 ? 'P' : 'F', out);
      from += end < 0 ? length : length + 1;
    }
    in.position(from);
    return full;
  }

  /// Writes what is left in `in` (an unfinished line of at most [#WIDTH] bytes) as a P entry.
  void flush(ByteBuffer in, ByteBuffer out) {
    if (in.hasRemaining()) {
      entry(in, in.position(), in.remaining(), 'P', out);
      in.position(in.limit());
    }
  }

  private void entry(ByteBuffer in, int from, int length, char tag, ByteBuffer out) {
    header[HEADER - 2] = (byte) tag;
    int at = out.position();
    out.put(at, header).put(at + HEADER, in, from, length);
    out.put(at + HEADER + length, (byte) '\n').position(at + HEADER + length + 1);
  }
}
