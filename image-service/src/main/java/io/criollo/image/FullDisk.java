// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import io.criollo.linux.Errno;
import io.criollo.linux.LinuxException;
import io.criollo.linux.MountInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What is said when the store's file system has no space or inode left, or its quota is used up.
record FullDisk(Path images) {
  /// The JDK tells of errno by these words of strerror(3) alone.
  private static final List<String> WORDS =
      List.of("No space left on device", "Disk quota exceeded");

  static boolean isAtFault(IOException failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof LinuxException e && e.is(Errno.ENOSPC, Errno.EDQUOT)) {
        return true;
      }
      var text = String.valueOf(at.getMessage());
      if (at instanceof IOException && WORDS.stream().anyMatch(text::endsWith)) {
        return true;
      }
    }
    return false;
  }

  ImageException told(String what, IOException failure) {
    return new ImageException(
        Kind.DISK_FULL,
        what
            + ": no space is left on the file system "
            + fileSystem().map(mount -> mount.mountPoint() + ", which has ").orElse("of ")
            + images
            + " ("
            + failure.getMessage()
            + "): what had come was removed; make room for bytes and inodes, then pull again",
        failure);
  }

  private Optional<MountInfo> fileSystem() {
    try {
      return MountInfo.holding(images.toRealPath(), MountInfo.self());
    } catch (IOException _) { // the text goes without it
      return Optional.empty();
    }
  }
}
