// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.unpack;

import io.criollo.linux.DirFd;
import io.criollo.linux.FileStat;
import io.criollo.linux.LinuxException;
import io.criollo.linux.Xattrs;
import java.util.Optional;

/// A tar name that says what is gone (OCI image-spec, "Whiteouts"), and its form in an overlay
/// layer: a character device 0:0 for a name, an attribute for all that was in a directory.
sealed interface Whiteout {
  String OPAQUE_ATTRIBUTE = "trusted.overlay.opaque";

  /// All that lower layers have in the directory is gone.
  record Opaque() implements Whiteout {}

  /// This name of lower layers is gone.
  record Name(String name) implements Whiteout {}

  /// Bookkeeping of AUFS, to be left out.
  record Ignored() implements Whiteout {}

  /// {@return what a file name says is gone}, empty for an ordinary name
  static Optional<Whiteout> of(String name) throws Corrupt {
    if (name.equals(".wh..wh..opq")) {
      return Optional.of(new Opaque());
    }
    if (name.startsWith(".wh..wh.")) {
      return Optional.of(new Ignored());
    }
    if (!name.startsWith(".wh.")) {
      return Optional.empty();
    }
    var target = name.substring(4);
    if (target.isEmpty() || target.equals(".") || target.equals("..")) {
      throw Corrupt.because("whiteout names nothing that can be removed: " + name);
    }
    return Optional.of(new Name(target));
  }

  static boolean is(FileStat stat) {
    return (stat.mode() & FileStat.S_IFMT) == FileStat.S_IFCHR && stat.rdev() == 0;
  }

  /// {@return whether a directory hides what lower layers have in it}
  static boolean isOpaque(DirFd directory) throws LinuxException {
    return Xattrs.get(directory.fd(), OPAQUE_ATTRIBUTE).isPresent();
  }

  static void make(DirFd parent, String name) throws LinuxException {
    parent.mknod(name, FileStat.S_IFCHR, 0, 0);
  }
}
