// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.unpack;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;

/// Finds out how a layer is compressed from its first bytes, as all runtimes do: media types are
/// often wrong about it.
final class Decompression {
  private static final int LARGEST_ZSTD_WINDOW_LOG = 27;

  private Decompression() {}

  /// {@return the plain bytes}; closing them closes the compressed ones
  static InputStream of(InputStream compressed, Inflation inflation) throws IOException {
    var in = new PushbackInputStream(compressed, 4);
    var magic = in.readNBytes(4);
    in.unread(magic);
    if (magic.length >= 2 && at(magic, 0) == 0x1f && at(magic, 1) == 0x8b) {
      return inflation.gunzip(in);
    }
    if (magic.length == 4 && isZstd(magic)) {
      return new ZstdInputStreamNoFinalizer(in).setLongMax(LARGEST_ZSTD_WINDOW_LOG);
    }
    return in;
  }

  /// A frame, or one of the skippable frames that may come first.
  private static boolean isZstd(byte[] magic) {
    var word = at(magic, 0) | at(magic, 1) << 8 | at(magic, 2) << 16 | at(magic, 3) << 24;
    return word == 0xFD2FB528 || (word & 0xFFFFFFF0) == 0x184D2A50;
  }

  private static int at(byte[] bytes, int i) {
    return bytes[i] & 0xff;
  }
}
