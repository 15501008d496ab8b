// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.log;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Finds newlines eight bytes at a time: the monitor runs without the compiler that would do it.
final class NewlineSearch {
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH = 0x8080808080808080L;
  private static final long NEWLINES = ONES * '\n';

  private NewlineSearch() {}

  /// {@return the index of the first newline in `[from, to)`, else -1}
  static int find(byte[] text, int from, int to) {
    int at = from;
    for (; at + Long.BYTES <= to; at += Long.BYTES) {
      long word = (long) WORDS.get(text, at) ^ NEWLINES;
      long hit = (word - ONES) & ~word & HIGH;
      if (hit != 0) {
        return at + (Long.numberOfTrailingZeros(hit) >>> 3);
      }
    }
    for (; at < to; at++) {
      if (text[at] == '\n') {
        return at;
      }
    }
    return -1;
  }
}
