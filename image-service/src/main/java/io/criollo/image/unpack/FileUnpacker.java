// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.unpack;

import io.criollo.image.manifest.ArtifactDocument;
import io.criollo.image.reference.ImageException;
import io.criollo.image.unpack.LayerUnpacker.Unpacked;
import io.criollo.linux.DirFd;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// Puts a file of an artifact into a tree of its own, once its digest is known to be right. Nobody
/// may execute it, whatever it is. Its system calls block: runs on a platform thread.
public final class FileUnpacker {
  private static final int MODE = 0644;
  private static final long PAGE = 4096;

  private FileUnpacker() {}

  /// Reads a blob to its end and moves the file that has its bytes by then into a new directory.
  ///
  /// @param blob not closed
  /// @param kept where all that is read of the blob is kept
  /// @throws ImageException WRONG_BYTES when they are others
  /// @throws IOException when the network or the disk is at fault
  public static Unpacked unpack(
      InputStream blob, Path kept, ArtifactDocument.File file, DirFd parent, String name)
      throws IOException, ImageException {
    parent.mkdir(name, LayerTree.DIRECTORY_MODE);
    var path = EntryPath.of(file.path());
    var digest = file.blob().digest();
    var content = VerifiedStream.exactly(file.blob().size(), blob, "blob " + digest, digest);
    try (var tree = new LayerTree(parent.openDir(name), Long.MAX_VALUE);
        var from = DirFd.parentOf(kept)) {
      content.verify();
      var directory = tree.directory(path.parent());
      directory.rename(from, kept.getFileName().toString(), path.name());
      directory.chmod(path.name(), MODE);
    } catch (Corrupt e) {
      throw new ImageException(e.kind(), "file " + file.path() + ": " + e.getMessage(), e);
    }
    var pages = (content.count() + PAGE - 1) & -PAGE;
    var nothing = new Pending(Set.of(), List.of(), List.of());
    return new Unpacked(pages, path.components().size(), nothing, false);
  }
}
