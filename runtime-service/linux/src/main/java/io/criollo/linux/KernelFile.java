// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Files whose content the kernel makes when they are read, as those of proc and of cgroups.
public final class KernelFile {
  private static final int CHUNK = 8 << 10;

  /// The kernel gives less than was asked for only at the end, or when no whole line has room in a
  /// page any more.
  private static final int SURELY_ALL = 3 << 10;

  private KernelFile() {}

  /// {@return all of it, from its beginning}, by one system call if it is short. The descriptor's
  /// position stays where it is.
  ///
  /// @throws LinuxException EFBIG when there is more than `limit` bytes
  public static String read(Fd file, int limit) throws LinuxException {
    try (var arena = Arena.ofConfined()) {
      var chunk = arena.allocate(CHUNK).asByteBuffer();
      int count = FileRange.read(file, chunk, 0);
      return count < SURELY_ALL ? text(taken(chunk)) : text(rest(file, chunk, limit));
    }
  }

  private static byte[] rest(Fd file, ByteBuffer chunk, int limit) throws LinuxException {
    var all = new ByteArrayOutputStream();
    do {
      all.writeBytes(taken(chunk));
      if (all.size() > limit) {
        throw new LinuxException(
            Errno.EFBIG, "read descriptor " + file.number(), "more than " + limit + " bytes");
      }
    } while (FileRange.read(file, chunk, all.size()) > 0);
    return all.toByteArray();
  }

  private static byte[] taken(ByteBuffer chunk) {
    var bytes = new byte[chunk.flip().remaining()];
    chunk.get(bytes).clear();
    return bytes;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
