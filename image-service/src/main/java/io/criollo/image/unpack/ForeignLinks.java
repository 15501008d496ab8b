// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.unpack;

import io.criollo.linux.DirFd;
import io.criollo.linux.Fd;
import io.criollo.linux.FileStat;
import io.criollo.linux.OpenFlags;
import io.criollo.linux.Xattrs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/// Hard links to files of lower layers. As with overlay itself, the file is copied up, and both
/// names are of the copy. One thread.
final class ForeignLinks {
  private static final int BUFFER = 128 << 10;

  private final LayerTree tree;
  private final Below below;
  private final Set<String> made = new HashSet<>();

  ForeignLinks(LayerTree tree, Below below) {
    this.tree = tree;
    this.below = below;
  }

  /// Makes one link, unless a later entry of the archive has its name.
  void settle(Pending.Link link, MovedDirectories moved) throws IOException {
    var path = moved.where(EntryPath.of(link.path()));
    var target = moved.where(EntryPath.of(link.target()));
    if (tree.directory(path.parent()).find(path.name()).isPresent()) {
      return;
    }
    if (!made.contains(target.toString())) {
      var source = below.follow(target.above()).child(target.name());
      var file =
          below
              .find(source)
              .filter(found -> !found.stat().isDirectory())
              .orElseThrow(() ->
                  Corrupt.because(
                      "has a hard link to no file: " + link.path() + " to " + link.target()));
      if (isHidden(source)) {
        copy(file, path);
        made.add(path.toString());
        return;
      }
      copy(file, source);
      made.add(source.toString());
      target = source;
    }
    made.add(path.toString());
    try (var source = tree.existing(target.parent()).orElseThrow()) {
      tree.directory(path.parent()).link(source, target.name(), path.name());
    }
  }

  /// {@return whether the layer hides what lower ones have at a path, or has something there}
  private boolean isHidden(EntryPath path) throws IOException {
    for (var at = path; !at.isRoot(); at = at.above()) {
      var parent = tree.existing(at.parent());
      if (parent.isPresent()) {
        try (var directory = parent.get()) {
          var there = directory.find(at.name());
          if (Whiteout.isOpaque(directory) || there.filter(s -> !s.isDirectory()).isPresent()) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private void copy(Below.Shown file, EntryPath to) throws IOException {
    var parent = tree.directory(to.parent());
    var stat = file.stat();
    try (var from = file.parent()) {
      var name = file.path().name();
      switch (stat.mode() & FileStat.S_IFMT) {
        case FileStat.S_IFREG -> copyFile(from, name, parent, to.name());
        case FileStat.S_IFLNK -> parent.symlink(from.readLink(name), to.name());
        case FileStat.S_IFIFO -> parent.mkfifo(to.name(), 0600);
        default ->
            parent.mknod(
                to.name(), stat.mode() & FileStat.S_IFMT, stat.rdevMajor(), stat.rdevMinor());
      }
    }
    if (!stat.isRegularFile()) {
      parent.chown(to.name(), stat.uid(), stat.gid());
      if (!stat.isSymbolicLink()) {
        parent.chmod(to.name(), stat.permissions());
      }
    }
    parent.utimens(to.name(), stat.mtime(), stat.mtime());
  }

  private static void copyFile(DirFd fromDirectory, String from, DirFd toDirectory, String to)
      throws IOException {
    var create = OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_EXCL | OpenFlags.O_NOFOLLOW;
    try (var source = fromDirectory.openFile(from, OpenFlags.O_RDONLY | OpenFlags.O_NOFOLLOW, 0);
        var target = toDirectory.openFile(to, create, 0600)) {
      copyBytes(source, target);
      var stat = source.stat();
      target.chown(stat.uid(), stat.gid());
      target.chmod(stat.permissions());
      for (var name : new TreeSet<>(Xattrs.list(source))) {
        if (Ownership.isKept(name)) {
          Xattrs.set(target, name, Xattrs.get(source, name).orElse(new byte[0]));
        }
      }
    }
  }

  private static void copyBytes(Fd source, Fd target) throws IOException {
    var buffer = ByteBuffer.allocateDirect(BUFFER);
    while (source.read(buffer.clear()) > 0) {
      buffer.flip();
      while (buffer.hasRemaining()) {
        target.write(buffer);
      }
    }
  }
}
