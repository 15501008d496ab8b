// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;

/// Names as the kernel keeps them are bytes. They become strings as UTF-8; each byte that is not
/// UTF-8 becomes the lone surrogate `U+DC80 + (byte - 0x80)`, so that every name survives the way
/// there and back (as Python's `surrogateescape`).
public final class KernelString {
  private static final char REPLACEMENT = '\uFFFD';

  private KernelString() {}

  public static String decode(byte[] bytes) {
    var name = new String(bytes, StandardCharsets.UTF_8);
    return name.indexOf(REPLACEMENT) < 0 ? name : decodeEscaped(bytes);
  }

  private static String decodeEscaped(byte[] bytes) {
    var decoder = StandardCharsets.UTF_8.newDecoder();
    var in = ByteBuffer.wrap(bytes);
    var out = CharBuffer.allocate(bytes.length);
    while (in.hasRemaining()) {
      var result = decoder.decode(in, out, true);
      for (var i = 0; result.isError() && i < result.length(); i++) {
        out.put((char) (0xDC00 + (in.get() & 0xFF)));
      }
      decoder.reset();
    }
    return out.flip().toString();
  }

  public static byte[] encode(String name) {
    return mayBeEscaped(name) ? encodeEscaped(name) : name.getBytes(StandardCharsets.UTF_8);
  }

  private static boolean mayBeEscaped(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c >= 0xDC80 && c <= 0xDCFF) {
        return true;
      }
    }
    return false;
  }

  private static byte[] encodeEscaped(String name) {
    var out = new ByteArrayOutputStream(name.length() + 8);
    name.codePoints()
        .forEach(c -> {
          if (c >= 0xDC80 && c <= 0xDCFF) {
            out.write(c - 0xDC00);
          } else {
            out.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
          }
        });
    return out.toByteArray();
  }

  /// {@return the bytes with a closing NUL, in `arena`}
  ///
  /// @throws LinuxException EINVAL for a NUL inside, which C would take for the end
  static MemorySegment allocate(Arena arena, String name) throws LinuxException {
    if (name.indexOf('\0') >= 0) {
      throw new LinuxException(Errno.EINVAL, "pass " + name.replace('\0', '?'), "NUL in a name");
    }
    return allocate(arena, encode(name));
  }

  static MemorySegment allocate(Arena arena, byte[] bytes) {
    var segment = arena.allocate(bytes.length + 1L);
    MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return segment;
  }
}
