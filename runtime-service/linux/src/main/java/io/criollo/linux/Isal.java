// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;

/// The three functions of ISA-L (`libisal.so.2`, BSD licence, Debian package `libisal2`) that
/// inflate, and those fields of its `struct inflate_state` (`igzip_lib.h`, 2.28 to 2.32) that are
/// read or written here. The library is optional; whether it keeps to this layout is tried out
/// once.
///
/// @param init `void isal_inflate_init(struct inflate_state *state)`
/// @param reset `void isal_inflate_reset(struct inflate_state *state)`
/// @param inflate `int isal_inflate(struct inflate_state *state)`
record Isal(MemorySegment init, MemorySegment reset, MemorySegment inflate) {
  /// `uint8_t *next_out`
  static final long NEXT_OUT = 0;

  /// `uint32_t avail_out`
  static final long AVAIL_OUT = 8;

  /// `uint8_t *next_in`
  static final long NEXT_IN = 16;

  /// `uint32_t avail_in`
  static final long AVAIL_IN = 32;

  /// `int32_t read_in_length`: bits that were read ahead
  static final long READ_IN_LENGTH = 36;

  /// `enum isal_block_state block_state`, behind two tables of `uint32_t[4096]`, `uint16_t[1264]`
  /// and `uint16_t[1024]`, `uint16_t[80]`
  static final long BLOCK_STATE = 40 + 4096 * 4 + 1264 * 2 + 1024 * 2 + 80 * 2;

  /// `ISAL_BLOCK_FINISH`
  static final int BLOCK_FINISH = 5;

  /// The struct has 87,368 bytes; a later version may need more.
  static final long STATE_SIZE = 128 << 10;

  private static final String LIBRARY = "libisal.so.2";
  private static final Optional<Isal> FOUND = find().filter(Isal::works);

  static boolean isPresent() {
    return FOUND.isPresent();
  }

  static Isal library() {
    return FOUND.orElseThrow(
        () -> new UnsupportedOperationException("this machine has no usable " + LIBRARY));
  }

  void init(MemorySegment state) {
    var _ = Libc.call(init, state.address(), 0, 0, 0, 0, 0);
  }

  void reset(MemorySegment state) {
    var _ = Libc.call(reset, state.address(), 0, 0, 0, 0, 0);
  }

  /// {@return 0, or a negative number for input that is not a deflate stream}
  int inflate(MemorySegment state) {
    return Libc.call(inflate, state.address(), 0, 0, 0, 0, 0);
  }

  /// {@return what a negative result means}, in zlib's words
  static String reason(int result) {
    return switch (result) {
      case -1 -> "invalid block type or header";
      case -2 -> "invalid literal, length or distance code";
      case -3 -> "invalid distance too far back";
      default -> "invalid deflate stream (" + result + ")";
    };
  }

  @SuppressWarnings("restricted")
  private static Optional<Isal> find() {
    SymbolLookup library;
    try {
      library = SymbolLookup.libraryLookup(LIBRARY, Arena.global());
    } catch (IllegalArgumentException notThere) {
      return Optional.empty();
    }
    var functions =
        Stream.of("isal_inflate_init", "isal_inflate_reset", "isal_inflate")
            .flatMap(name -> library.find(name).stream())
            .toList();
    return functions.size() == 3
        ? Optional.of(new Isal(functions.get(0), functions.get(1), functions.get(2)))
        : Optional.empty();
  }

  /// Inflates a small stream twice, in two pieces and with bytes behind it.
  private boolean works() {
    var plain = new byte[5000];
    for (int i = 0; i < plain.length; i++) {
      plain[i] = (byte) (i * i / 7);
    }
    var packed = new byte[8000];
    int length = deflate(plain, packed);
    var inflater = new IsalInflater(this);
    try {
      boolean first = inflates(inflater, packed, length, plain);
      inflater.reset();
      return first && inflates(inflater, packed, length, plain);
    } catch (DataFormatException e) {
      return false;
    } finally {
      inflater.end();
    }
  }

  private static int deflate(byte[] plain, byte[] into) {
    var deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    deflater.setInput(plain);
    deflater.finish();
    int length = deflater.deflate(into);
    deflater.end();
    return length;
  }

  private static boolean inflates(IsalInflater inflater, byte[] packed, int length, byte[] plain)
      throws DataFormatException {
    var found = new byte[plain.length + 1];
    inflater.setInput(packed, 0, length / 2);
    int count = inflater.inflate(found, 0, found.length);
    boolean early = inflater.finished() || !inflater.needsInput();
    inflater.setInput(packed, length / 2, packed.length - length / 2);
    count += inflater.inflate(found, count, found.length - count);
    boolean right =
        count == plain.length
            && Arrays.equals(plain, 0, count, found, 0, count)
            && inflater.finished()
            && inflater.getRemaining() == packed.length - length;
    return right && !early;
  }
}
