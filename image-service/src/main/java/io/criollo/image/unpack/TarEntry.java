// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.unpack;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/// One entry of a tar archive, with names as written there.
///
/// @param link the target of a symbolic or hard link
/// @param size bytes of the file, holes included
/// @param extents where a sparse file has data; one extent over all for any other file
record TarEntry(
    String name, Kind kind, String link, long size, List<Extent> extents, Attributes attributes) {

  /// What an entry becomes.
  sealed interface Kind {
    record File() implements Kind {}

    record Directory() implements Kind {}

    record Symlink() implements Kind {}

    record Hardlink() implements Kind {}

    record Fifo() implements Kind {}

    record Device(boolean block, int major, int minor) implements Kind {}
  }

  /// A stretch of data in a file.
  record Extent(long offset, long length) {}

  /// Who owns it, who may use it, when it changed.
  ///
  /// @param mode permission bits with set-uid, set-gid and sticky
  record Attributes(int mode, int uid, int gid, Instant modified, Map<String, XattrValue> xattrs) {}

  /// An extended attribute's bytes.
  @SuppressWarnings("ArrayRecordComponent") // handed to the kernel, never compared
  record XattrValue(byte[] bytes) {}
}
