// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.unpack;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// One 512-byte header block: fields by their place (POSIX ustar, GNU and old V7 forms).
final class TarHeader {
  static final int BLOCK = 512;

  private final byte[] block;

  private TarHeader(byte[] block) {
    this.block = block;
  }

  /// {@return the header in a block whose checksum is right}
  static TarHeader of(byte[] block) throws Corrupt {
    var header = new TarHeader(block);
    var unsigned = 0L;
    var signed = 0L;
    for (int i = 0; i < BLOCK; i++) {
      var b = i >= 148 && i < 156 ? (byte) ' ' : block[i];
      unsigned += b & 0xff;
      signed += b;
    }
    var written = header.number(148, 8, "checksum");
    if (written != unsigned && written != signed) {
      throw Corrupt.because("tar header has a wrong checksum");
    }
    return header;
  }

  char type() {
    return (char) (block[156] & 0xff);
  }

  byte[] name() {
    var name = text(0, 100);
    var prefix = isUstar() ? text(345, isStar() ? 131 : 155) : new byte[0];
    if (prefix.length == 0) {
      return name;
    }
    var joined = Arrays.copyOf(prefix, prefix.length + 1 + name.length);
    joined[prefix.length] = '/';
    System.arraycopy(name, 0, joined, prefix.length + 1, name.length);
    return joined;
  }

  byte[] link() {
    return text(157, 100);
  }

  long mode() throws Corrupt {
    return number(100, 8, "mode");
  }

  long uid() throws Corrupt {
    return number(108, 8, "uid");
  }

  long gid() throws Corrupt {
    return number(116, 8, "gid");
  }

  long size() throws Corrupt {
    return number(124, 12, "size");
  }

  long mtime() throws Corrupt {
    return number(136, 12, "mtime");
  }

  long major() throws Corrupt {
    return isUstar() || isGnu() ? number(329, 8, "device major") : 0;
  }

  long minor() throws Corrupt {
    return isUstar() || isGnu() ? number(337, 8, "device minor") : 0;
  }

  /// {@return a number of a GNU sparse map, at its place in this or a following block}
  static long sparseNumber(byte[] block, int at) throws Corrupt {
    return new TarHeader(block).number(at, 12, "sparse map");
  }

  private boolean isUstar() {
    return has(257, "ustar\0");
  }

  private boolean isGnu() {
    return has(257, "ustar  \0");
  }

  private boolean isStar() {
    return has(508, "tar\0");
  }

  private boolean has(int at, String magic) {
    var bytes = magic.getBytes(StandardCharsets.ISO_8859_1);
    return Arrays.equals(block, at, at + bytes.length, bytes, 0, bytes.length);
  }

  private byte[] text(int at, int length) {
    var end = at;
    while (end < at + length && block[end] != 0) {
      end++;
    }
    return Arrays.copyOfRange(block, at, end);
  }

  private long number(int at, int length, String what) throws Corrupt {
    return (block[at] & 0x80) != 0 ? binary(at, length, what) : octal(at, length, what);
  }

  /// GNU's base 256: two's complement, with the highest bit as the mark.
  private long binary(int at, int length, String what) throws Corrupt {
    var negative = (block[at] & 0x40) != 0;
    var value = negative ? -1L : 0L;
    for (int i = 0; i < length; i++) {
      var b = i == 0 ? (block[at] & 0x7f) | (negative ? 0x80 : 0) : block[at + i] & 0xff;
      if (value >> 54 != (negative ? -1 : 0)) {
        throw Corrupt.because("tar header's " + what + " is out of range");
      }
      value = (value << 8) | b;
    }
    return value;
  }

  private long octal(int at, int length, String what) throws Corrupt {
    var i = at;
    var end = at + length;
    while (i < end && (block[i] == ' ' || block[i] == 0)) {
      i++;
    }
    var value = 0L;
    for (; i < end && block[i] != ' ' && block[i] != 0; i++) {
      if (block[i] < '0' || block[i] > '7') {
        throw Corrupt.because("tar header's " + what + " is not a number");
      }
      value = (value << 3) | (block[i] - '0');
    }
    return value;
  }
}
