// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;

/// Copies small trees of the node's files: links become what they lead to, permissions stay, the
/// owner is another. One copy for one container.
final class TreeCopy {
  private static final int DEEPEST = 16;

  private final VolumeOwner owner;
  private long bytesLeft = 16 << 20;
  private int filesLeft = 10_000;

  TreeCopy(VolumeOwner owner) {
    this.owner = owner;
  }

  /// @param from a file or a folder; a link to nowhere below it is left out
  /// @param to must not exist
  /// @throws IOException also when it is larger than what is meant for such mounts
  void copy(Path from, Path to) throws IOException {
    copy(from, to, 0);
  }

  private void copy(Path from, Path to, int depth) throws IOException {
    if (--filesLeft < 0 || depth > DEEPEST) {
      throw new IOException(from + ": too many files, or too deep");
    }
    var like = Files.readAttributes(from, PosixFileAttributes.class);
    if (like.isDirectory()) {
      Files.createDirectory(to);
      copyEntries(from, to, depth);
    } else if (like.isRegularFile()) {
      copyFile(from, to);
    } else {
      throw new IOException(from + " is neither a file nor a folder");
    }
    if (owner.uid() != 0 || owner.gid() != 0) {
      Files.setAttribute(to, "unix:uid", owner.uid());
      Files.setAttribute(to, "unix:gid", owner.gid());
    }
    Files.setPosixFilePermissions(to, like.permissions());
  }

  private void copyEntries(Path from, Path to, int depth) throws IOException {
    try (var entries = Files.newDirectoryStream(from)) {
      for (var entry : entries) {
        try {
          copy(entry, to.resolve(entry.getFileName()), depth + 1);
        } catch (NoSuchFileException e) {
          if (!String.valueOf(e.getFile()).equals(entry.toString())) {
            throw e;
          }
        }
      }
    }
  }

  private void copyFile(Path from, Path to) throws IOException {
    try (var in = Files.newInputStream(from);
        var out = Files.newOutputStream(to, StandardOpenOption.CREATE_NEW)) {
      var buffer = new byte[64 << 10];
      for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
        bytesLeft -= n;
        if (bytesLeft < 0) {
          throw new IOException(from + ": more than 16 MiB in all");
        }
        out.write(buffer, 0, n);
      }
    }
  }
}
