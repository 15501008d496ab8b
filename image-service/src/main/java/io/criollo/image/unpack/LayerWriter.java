// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.unpack;

import io.criollo.image.seal.SumNotes;
import io.criollo.image.unpack.TarEntry.Kind;
import io.criollo.linux.DirFd;
import io.criollo.linux.Errno;
import io.criollo.linux.Fd;
import io.criollo.linux.FileStat;
import io.criollo.linux.LinuxException;
import io.criollo.linux.OpenFlags;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/// Puts tar entries into a layer's tree, later ones in place of earlier ones. One thread; does not
/// own the tree.
final class LayerWriter {
  private static final int BUFFER = 128 << 10;
  private static final int PAGE = 4096;
  private static final int NEW =
      OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_EXCL | OpenFlags.O_NOFOLLOW;

  private final LayerTree tree;
  private final long largest;
  private final SumNotes sums;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
  private final List<Pending.Link> links = new ArrayList<>();
  private final List<String> whiteouts = new ArrayList<>();
  private long bytes;
  private long inodes;
  private boolean opaqueRoot;

  /// @param largest bytes that a file may have, holes included
  LayerWriter(LayerTree tree, long largest, SumNotes sums) {
    this.tree = tree;
    this.largest = largest;
    this.sums = sums;
  }

  /// {@return bytes of content written so far, in whole pages}
  long bytes() {
    return bytes;
  }

  long inodes() {
    return inodes;
  }

  /// {@return what waits for the layers below}
  Pending pending() {
    return new Pending(tree.implied(), links, whiteouts);
  }

  /// {@return whether the layer hides all that is below it}
  boolean opaqueRoot() {
    return opaqueRoot;
  }

  void write(TarEntry entry, TarReader content) throws IOException {
    var path = EntryPath.of(entry.name());
    if (path.isRoot()) {
      root(entry);
      return;
    }
    var whiteout = Whiteout.of(path.name());
    if (whiteout.isPresent()) {
      remove(path, whiteout.get());
      return;
    }
    inodes++;
    try {
      make(path, entry, content);
    } catch (LinuxException e) {
      throw isOfEntry(e) ? Corrupt.because("tar entry cannot be made: " + e.getMessage()) : e;
    }
  }

  /// {@return whether the kernel refused what the entry asks for, rather than failed}
  private static boolean isOfEntry(LinuxException e) {
    return e.is(
        Errno.EINVAL, Errno.ENAMETOOLONG, Errno.E2BIG, Errno.ERANGE, Errno.EFBIG, Errno.EISDIR);
  }

  private void make(EntryPath path, TarEntry entry, TarReader content) throws IOException {
    switch (entry.kind()) {
      case Kind.Directory _ -> directory(path, entry);
      case Kind.File _ -> file(path, entry, content);
      case Kind.Hardlink _ -> hardlink(path, entry);
      case Kind.Symlink _ -> symlink(path, entry);
      case Kind.Fifo _ -> node(path, entry, parent -> parent.mkfifo(path.name(), 0600));
      case Kind.Device(var block, var major, var minor) -> {
        var type = block ? FileStat.S_IFBLK : FileStat.S_IFCHR;
        node(path, entry, parent -> parent.mknod(path.name(), type, major, minor));
      }
    }
  }

  private void root(TarEntry entry) throws IOException {
    if (entry.kind() instanceof Kind.Directory) {
      Ownership.apply(tree.root().fd(), entry.attributes());
      tree.declared("", entry.attributes().modified());
    }
  }

  private void remove(EntryPath path, Whiteout whiteout) throws IOException {
    if (tree.isHidden(path.parent())) {
      return; // umoci writes whiteouts of all that was below a directory that became a file
    }
    switch (whiteout) {
      case Whiteout.Ignored _ -> {}
      case Whiteout.Opaque _ -> {
        opaqueRoot |= path.parent().isEmpty();
        LayerTree.opaque(tree.directory(path.parent()));
      }
      case Whiteout.Name(var name) -> {
        var parent = tree.directory(path.parent());
        var there = parent.find(name);
        if (there.isEmpty()) {
          Whiteout.make(parent, name);
          inodes++;
          var gone = new EntryPath(path.parent(), name).toString();
          tree.account(gone);
          whiteouts.add(gone);
        } else if (there.get().isDirectory()) {
          try (var directory = parent.openDir(name)) {
            LayerTree.opaque(directory);
          }
        }
      }
    }
  }

  private void directory(EntryPath path, TarEntry entry) throws IOException {
    tree.declare(path, entry.attributes().modified());
    Ownership.apply(tree.directory(path.toString()).fd(), entry.attributes());
    bytes += PAGE;
  }

  private void file(EntryPath path, TarEntry entry, TarReader content) throws IOException {
    var parent = tree.directory(path.parent());
    int mode = entry.attributes().mode() & 0777;
    try (var file = create(path, parent, mode)) {
      var made = file.stat();
      sums.add(made.inode(), copy(entry, content, file));
      Ownership.complete(file, made, entry.attributes());
    }
  }

  private Fd create(EntryPath path, DirFd parent, int mode) throws IOException {
    try {
      return parent.openFile(path.name(), NEW, mode);
    } catch (LinuxException e) {
      if (!e.is(Errno.EEXIST)) {
        throw e;
      }
      tree.remove(path, parent);
      return parent.openFile(path.name(), NEW, mode);
    }
  }

  /// {@return the sum of the content}
  private long copy(TarEntry entry, TarReader content, Fd file) throws IOException {
    if (entry.size() > largest) {
      throw Corrupt.tooLarge("file is longer than " + largest + " bytes: " + entry.name());
    }
    var end = 0L;
    var sum = new CRC32C();
    var holes = false;
    for (var extent : entry.extents()) {
      if (extent.offset() != end) {
        file.seek(extent.offset());
        holes = true;
      }
      for (var left = extent.length(); left > 0; ) {
        buffer.clear().limit((int) Math.min(left, BUFFER));
        if (content.read(buffer) < 0) {
          throw Corrupt.because("tar entry is shorter than its headers say: " + entry.name());
        }
        left -= buffer.flip().remaining();
        sum.update(buffer.duplicate());
        while (buffer.hasRemaining()) {
          file.write(buffer);
        }
      }
      end = extent.offset() + extent.length();
      bytes += (extent.length() + PAGE - 1) & -PAGE;
    }
    if (end != entry.size()) {
      file.truncate(entry.size());
      holes = true;
    }
    return holes ? SumNotes.UNKNOWN : sum.getValue();
  }

  private void hardlink(EntryPath path, TarEntry entry) throws IOException {
    var target = EntryPath.of(entry.link());
    if (target.isRoot() || target.equals(path)) {
      throw missing(path, entry);
    }
    inodes--;
    var parent = tree.directory(path.parent());
    var from = tree.existing(target.parent());
    if (from.isPresent()) {
      try (var source = from.get()) {
        var there = source.find(target.name());
        if (there.isPresent()) {
          if (there.get().isDirectory() || Whiteout.is(there.get())) {
            throw missing(path, entry);
          }
          place(path, parent, p -> p.link(source, target.name(), path.name()));
          return;
        }
      }
    }
    if (parent.find(path.name()).isPresent()) {
      tree.remove(path, parent);
    }
    tree.account(path + target.toString());
    links.add(new Pending.Link(path.toString(), target.toString()));
  }

  private static Corrupt missing(EntryPath path, TarEntry entry) {
    return Corrupt.because("hard link " + path + " is to no file: " + entry.link());
  }

  private void symlink(EntryPath path, TarEntry entry) throws IOException {
    if (entry.link().isEmpty()) {
      throw Corrupt.because("symbolic link has no target: " + path);
    }
    var parent = tree.directory(path.parent());
    place(path, parent, p -> p.symlink(entry.link(), path.name()));
    Ownership.owner(parent, path.name(), entry.attributes());
    Ownership.time(parent, path.name(), entry.attributes());
  }

  private void node(EntryPath path, TarEntry entry, Placing placing) throws IOException {
    var parent = tree.directory(path.parent());
    place(path, parent, placing);
    Ownership.owner(parent, path.name(), entry.attributes());
    parent.chmod(path.name(), entry.attributes().mode());
    Ownership.time(parent, path.name(), entry.attributes());
  }

  private interface Placing {
    void in(DirFd parent) throws LinuxException;
  }

  private void place(EntryPath path, DirFd parent, Placing placing) throws IOException {
    try {
      placing.in(parent);
    } catch (LinuxException e) {
      if (!e.is(Errno.EEXIST)) {
        throw e;
      }
      tree.remove(path, parent);
      placing.in(parent);
    }
  }
}
