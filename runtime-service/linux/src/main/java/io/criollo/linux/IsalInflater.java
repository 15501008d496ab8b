// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Inflates a raw deflate stream (RFC 1951) with ISA-L instead of zlib, in half of the time or
/// less. It stands in for the JDK's `Inflater` under [java.util.zip.GZIPInputStream]; what that
/// does not call is refused as by an ended one. One thread; closed by who made it.
public final class IsalInflater extends Inflater {
  private static final int INPUT = 64 << 10;
  private static final int OUTPUT = 256 << 10;

  private final Isal isal;
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment state = arena.allocate(Isal.STATE_SIZE, 64);
  private final MemorySegment in = arena.allocate(INPUT, 64);
  private final MemorySegment out = arena.allocate(OUTPUT, 64);
  private byte[] input = {};
  private int at;
  private int end;
  private boolean full;
  private boolean ended;
  private long written;

  /// @throws UnsupportedOperationException where [#present] is false
  public IsalInflater() {
    this(Isal.library());
  }

  IsalInflater(Isal isal) {
    super(true);
    super.end(); // zlib's memory
    this.isal = isal;
    isal.init(state);
  }

  /// {@return whether this machine has the library, and it does what is expected of it}
  public static boolean present() {
    return Isal.isPresent();
  }

  @Override
  public void setInput(byte[] from, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, from.length);
    input = from;
    at = offset;
    end = offset + length;
    state.set(ValueLayout.JAVA_INT, Isal.AVAIL_IN, 0);
  }

  @Override
  public int inflate(byte[] into, int offset, int length) throws DataFormatException {
    Objects.checkFromIndexSize(offset, length, into.length);
    feed();
    int room = Math.min(length, OUTPUT);
    state.set(ValueLayout.ADDRESS, Isal.NEXT_OUT, out);
    state.set(ValueLayout.JAVA_INT, Isal.AVAIL_OUT, room);
    int result = isal.inflate(state);
    if (result < 0) {
      throw new DataFormatException(Isal.reason(result));
    }
    int count = room - state.get(ValueLayout.JAVA_INT, Isal.AVAIL_OUT);
    full = count == room;
    written += count;
    MemorySegment.copy(out, ValueLayout.JAVA_BYTE, 0, into, offset, count);
    return count;
  }

  /// Input passes through memory of our own, since the library keeps its address between calls.
  private void feed() {
    int step = Math.min(end - at, INPUT);
    if (step == 0 || state.get(ValueLayout.JAVA_INT, Isal.AVAIL_IN) > 0) {
      return;
    }
    MemorySegment.copy(input, at, in, ValueLayout.JAVA_BYTE, 0, step);
    at += step;
    state.set(ValueLayout.ADDRESS, Isal.NEXT_IN, in);
    state.set(ValueLayout.JAVA_INT, Isal.AVAIL_IN, step);
  }

  /// The library may still have output of the input that it has taken, when there was no room.
  @Override
  public boolean needsInput() {
    return at == end && !full && state.get(ValueLayout.JAVA_INT, Isal.AVAIL_IN) == 0;
  }

  @Override
  public boolean finished() {
    return state.get(ValueLayout.JAVA_INT, Isal.BLOCK_STATE) == Isal.BLOCK_FINISH;
  }

  @Override
  public boolean needsDictionary() {
    return false;
  }

  /// {@return the bytes of the input that lie behind the stream}, those too that the library has
  /// read ahead
  @Override
  public int getRemaining() {
    int ahead = state.get(ValueLayout.JAVA_INT, Isal.READ_IN_LENGTH) / Byte.SIZE;
    return end - at + state.get(ValueLayout.JAVA_INT, Isal.AVAIL_IN) + ahead;
  }

  @Override
  public long getBytesWritten() {
    return written;
  }

  @Override
  public void reset() {
    isal.reset(state);
    setInput(new byte[0], 0, 0);
    full = false;
    written = 0;
  }

  @Override
  public void end() {
    if (!ended) {
      ended = true;
      arena.close();
    }
  }
}
