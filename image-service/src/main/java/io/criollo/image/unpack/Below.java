// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.unpack;

import io.criollo.linux.DirFd;
import io.criollo.linux.Errno;
import io.criollo.linux.FileStat;
import io.criollo.linux.LinuxException;
import io.criollo.linux.Resolve;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The layers below one, looked into as overlay would show them, without a mount and without
/// following a symbolic link. One thread; whoever opens it closes it.
final class Below implements AutoCloseable {
  private static final long RESOLVE =
      Resolve.IN_ROOT | Resolve.NO_MAGICLINKS | Resolve.NO_SYMLINKS | Resolve.NO_XDEV;
  private static final int MOST_LINKS = 40;

  private final List<DirFd> roots = new ArrayList<>();

  /// @param lowers roots of the layers, topmost first
  static Below open(List<Path> lowers) throws LinuxException {
    var below = new Below();
    try {
      for (var lower : lowers) {
        below.roots.add(DirFd.open(lower));
      }
      return below;
    } catch (LinuxException e) {
      below.close();
      throw e;
    }
  }

  /// A file or directory of one layer.
  record Shown(DirFd root, EntryPath path, FileStat stat) {
    /// {@return the directory that it is in}; the caller closes it
    DirFd parent() throws LinuxException {
      return root.openDir(path.parent().isEmpty() ? "." : path.parent(), RESOLVE);
    }
  }

  /// {@return what is shown at a path}, of a merged directory its topmost part
  Optional<Shown> find(EntryPath path) throws IOException {
    var visible = List.copyOf(roots);
    var at = new StringBuilder();
    Optional<Shown> found = Optional.empty();
    for (var name : path.components()) {
      at.append(at.isEmpty() ? "" : "/").append(name);
      var step = EntryPath.of(at.toString());
      var parts = parts(visible, step);
      if (parts.isEmpty()) {
        return Optional.empty();
      }
      found = Optional.of(parts.getFirst());
      visible = parts.stream().filter(p -> p.stat().isDirectory()).map(Shown::root).toList();
    }
    return found;
  }

  /// {@return what the layers have at a path, as far as it shows}: directories that merge, or one
  /// other thing
  private static List<Shown> parts(List<DirFd> visible, EntryPath path) throws LinuxException {
    var parts = new ArrayList<Shown>();
    for (var root : visible) {
      var shown = of(root, path);
      if (shown.isEmpty()) {
        continue;
      }
      var stat = shown.get().stat();
      if (Whiteout.is(stat) || (!stat.isDirectory() && !parts.isEmpty())) {
        break;
      }
      parts.add(shown.get());
      if (!stat.isDirectory() || isOpaque(root, path)) {
        break;
      }
    }
    return parts;
  }

  private static Optional<Shown> of(DirFd root, EntryPath path) throws LinuxException {
    try (var parent = root.openDir(path.parent().isEmpty() ? "." : path.parent(), RESOLVE)) {
      return parent.find(path.name()).map(stat -> new Shown(root, path, stat));
    } catch (LinuxException e) {
      if (e.is(Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static boolean isOpaque(DirFd root, EntryPath path) throws LinuxException {
    try (var directory = root.openDir(path.toString(), RESOLVE)) {
      return Whiteout.isOpaque(directory);
    }
  }

  /// {@return the path with symbolic links followed inside the layers}; what is not there counts as
  /// a directory still to be made
  EntryPath follow(EntryPath path) throws IOException {
    var waiting = new ArrayDeque<>(path.components());
    var done = new ArrayDeque<String>();
    for (int links = 0; !waiting.isEmpty(); ) {
      var name = waiting.pop();
      if (name.isEmpty() || name.equals(".")) {
        continue;
      }
      if (name.equals("..")) {
        done.pollLast();
        continue;
      }
      done.addLast(name);
      var shown = find(EntryPath.of(String.join("/", done)));
      if (shown.isPresent() && shown.get().stat().isSymbolicLink()) {
        if (++links > MOST_LINKS) {
          throw Corrupt.because("too many symbolic links of lower layers: " + path);
        }
        done.removeLast();
        var target = target(shown.get());
        if (target.startsWith("/")) {
          done.clear();
        }
        Arrays.asList(target.split("/", -1)).reversed().forEach(waiting::push);
      }
    }
    return EntryPath.of(String.join("/", done));
  }

  private static String target(Shown link) throws LinuxException {
    try (var parent = link.parent()) {
      return parent.readLink(link.path().name());
    }
  }

  @Override
  public void close() {
    roots.forEach(DirFd::close);
  }
}
