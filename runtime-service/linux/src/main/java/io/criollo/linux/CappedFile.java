// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Files that an operator writes, which are small: no more of them is read than they may hold. Any
/// thread.
public final class CappedFile {
  private CappedFile() {}

  /// {@return the file's content}
  ///
  /// @param most bytes
  /// @throws IOException when it is larger, with a reason that does not name it
  public static byte[] read(Path file, int most) throws IOException {
    try (var in = Files.newInputStream(file)) {
      var content = in.readNBytes(most + 1);
      if (content.length > most) {
        throw new IOException("larger than " + most + " bytes");
      }
      return content;
    }
  }
}
