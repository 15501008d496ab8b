// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance.images;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/// Writes the tar archive of a layer; the same calls give the same bytes. Names are relative to the
/// root. Used by one thread; needs no closing, since all is in memory.
final class Archive {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final TarArchiveOutputStream tar =
      new TarArchiveOutputStream(bytes, StandardCharsets.UTF_8.name());

  Archive() {
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
  }

  Archive folder(String name, int mode) throws IOException {
    return put(new TarArchiveEntry(name + "/"), mode, new byte[0]);
  }

  Archive folders(String... names) throws IOException {
    for (String name : names) {
      folder(name, 0755);
    }
    return this;
  }

  Archive file(String name, int mode, byte[] content) throws IOException {
    var entry = new TarArchiveEntry(name);
    entry.setSize(content.length);
    return put(entry, mode, content);
  }

  Archive file(String name, int mode, Path source) throws IOException {
    return file(name, mode, Files.readAllBytes(source));
  }

  Archive text(String name, String content) throws IOException {
    return file(name, 0644, content.getBytes(StandardCharsets.UTF_8));
  }

  Archive script(String name, String content) throws IOException {
    return file(name, 0755, content.getBytes(StandardCharsets.UTF_8));
  }

  Archive hardLink(String name, String target) throws IOException {
    var entry = new TarArchiveEntry(name, TarConstants.LF_LINK);
    entry.setLinkName(target);
    return put(entry, 0755, new byte[0]);
  }

  Archive symbolicLink(String name, String target) throws IOException {
    var entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
    entry.setLinkName(target);
    return put(entry, 0777, new byte[0]);
  }

  /// Takes away what a lower layer has at `folder/name`.
  Archive whiteout(String folder, String name) throws IOException {
    return file(folder + "/.wh." + name, 0644, new byte[0]);
  }

  /// Takes away all that lower layers have in `folder`.
  Archive opaque(String folder) throws IOException {
    return whiteout(folder, ".wh..opq");
  }

  byte[] finish() throws IOException {
    tar.close();
    return bytes.toByteArray();
  }

  private Archive put(TarArchiveEntry entry, int mode, byte[] content) throws IOException {
    entry.setMode(mode);
    entry.setModTime(0);
    entry.setIds(0, 0);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
    return this;
  }
}
