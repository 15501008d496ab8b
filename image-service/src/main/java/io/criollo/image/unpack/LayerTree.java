// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.unpack;

import io.criollo.linux.DirFd;
import io.criollo.linux.Errno;
import io.criollo.linux.LinuxException;
import io.criollo.linux.Resolve;
import io.criollo.linux.Xattrs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The private tree of one layer while it is filled. Directories are reached by descriptor only,
/// from the tree's root, and never through a symbolic link. One thread; closed by who opened it.
final class LayerTree implements AutoCloseable {
  static final int DIRECTORY_MODE = 0755;
  private static final int OPEN_DIRECTORIES = 32;
  private static final int MOST_REPLACED = 1000;
  private static final long RESOLVE =
      Resolve.IN_ROOT | Resolve.NO_MAGICLINKS | Resolve.NO_SYMLINKS | Resolve.NO_XDEV;
  private static final byte[] YES = "y".getBytes(StandardCharsets.US_ASCII);

  private final DirFd root;
  private final long mostNames;
  private long names;
  private int replaced;
  private final LinkedHashMap<String, DirFd> open = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<String, Instant> times = new LinkedHashMap<>();
  private final Set<String> implied = new LinkedHashSet<>();

  LayerTree(DirFd root, long mostNames) {
    this.root = root;
    this.mostNames = mostNames;
    implied.add("");
  }

  /// {@return the root, which stays owned by this}
  DirFd root() {
    return root;
  }

  /// {@return the directory with this path, made with its ancestors when it is not there}. It stays
  /// owned by the tree and is good until the next call.
  DirFd directory(String path) throws IOException {
    var missing = new ArrayDeque<EntryPath>();
    var at = EntryPath.of(path);
    var found = there(at);
    while (found.isEmpty()) {
      missing.push(at);
      at = at.above();
      found = there(at);
    }
    var directory = found.get();
    for (var step : missing) {
      directory = make(directory, step);
      remember(step.toString(), directory);
    }
    return directory;
  }

  private Optional<DirFd> there(EntryPath at) throws IOException {
    if (at.isRoot()) {
      return Optional.of(root);
    }
    var path = at.toString();
    var known = open.get(path);
    if (known != null) {
      return Optional.of(known);
    }
    try {
      var found = root.openDir(path, RESOLVE);
      remember(path, found);
      return Optional.of(found);
    } catch (LinuxException e) {
      if (e.is(Errno.ELOOP)) {
        throw Corrupt.because("tar entry's parent is a symbolic link: " + path);
      }
      if (e.is(Errno.ENAMETOOLONG)) {
        throw Corrupt.because("tar entry's name is too long");
      }
      if (e.is(Errno.ENOENT, Errno.ENOTDIR)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private void remember(String path, DirFd directory) {
    open.put(path, directory);
    if (open.size() > OPEN_DIRECTORIES) {
      var eldest = open.pollFirstEntry();
      eldest.getValue().close();
    }
  }

  private DirFd make(DirFd parent, EntryPath at) throws IOException {
    var there = parent.find(at.name());
    if (there.isEmpty()) {
      parent.mkdir(at.name(), DIRECTORY_MODE);
      implied.add(at.toString());
      account(at.toString());
    } else if (Whiteout.is(there.get())) {
      replaceWhiteout(parent, at.name());
    } else if (!there.get().isDirectory()) {
      throw Corrupt.because("tar entry's parent is not a directory: " + at);
    }
    return parent.openDir(at.name());
  }

  /// Makes a directory that has an entry of its own, in place of whatever else has the name, or
  /// takes the one there.
  void declare(EntryPath path, Instant modified) throws IOException {
    var parent = directory(path.parent());
    var there = parent.find(path.name());
    if (there.isEmpty()) {
      parent.mkdir(path.name(), DIRECTORY_MODE);
    } else if (Whiteout.is(there.get())) {
      replaceWhiteout(parent, path.name());
    } else if (!there.get().isDirectory()) {
      parent.unlink(path.name());
      parent.mkdir(path.name(), DIRECTORY_MODE);
    }
    declared(path.toString(), modified);
  }

  /// What lower layers have there was removed, and a directory comes in its place: both hold.
  private void replaceWhiteout(DirFd parent, String name) throws LinuxException {
    parent.unlink(name);
    parent.mkdir(name, DIRECTORY_MODE);
    try (var directory = parent.openDir(name)) {
      opaque(directory);
    }
  }

  /// Hides what lower layers have in a directory.
  static void opaque(DirFd directory) throws LinuxException {
    Xattrs.set(directory.fd(), Whiteout.OPAQUE_ATTRIBUTE, YES);
  }

  /// Removes whatever has a name, a directory with all that is in it.
  void remove(EntryPath path, DirFd parent) throws IOException {
    if (!parent.stat(path.name()).isDirectory()) {
      parent.unlink(path.name());
      return;
    }
    if (++replaced > MOST_REPLACED) {
      throw Corrupt.because("layer replaces too many of its own directories");
    }
    parent.removeTree(path.name());
    Predicate<String> gone = p -> p.startsWith(path + "/") || p.equals(path.toString());
    times.keySet().removeIf(gone);
    implied.removeIf(gone);
    open.keySet().stream().filter(gone).toList().forEach(p -> close(open.remove(p)));
  }

  /// Removes a directory that has become empty.
  void removeEmpty(EntryPath path) throws IOException {
    Predicate<String> gone = p -> p.startsWith(path + "/") || p.equals(path.toString());
    implied.removeIf(gone);
    open.keySet().stream().filter(gone).toList().forEach(p -> close(open.remove(p)));
    directory(path.parent()).rmdir(path.name());
  }

  private static void close(@Nullable DirFd directory) {
    if (directory != null) {
      directory.close();
    }
  }

  /// Notes a directory's own entry, whose time is set when all its content is there.
  void declared(String path, Instant modified) throws Corrupt {
    implied.remove(path);
    if (times.put(path, modified) == null) {
      account(path);
    }
  }

  /// Counts a name that is kept until the layer is complete.
  void account(String path) throws Corrupt {
    names += path.length() + 64L;
    if (names > mostNames) {
      throw Corrupt.tooLarge("layer has too many directories");
    }
  }

  /// Sets the times of all declared directories but the root, whose time the caller sets.
  void restoreTimes() throws IOException {
    for (var entry : times.entrySet()) {
      var path = EntryPath.of(entry.getKey());
      if (!path.isRoot()) {
        directory(path.parent()).utimens(path.name(), entry.getValue(), entry.getValue());
      }
    }
  }

  /// {@return the root's time, when the layer has an entry for it}
  Optional<Instant> rootTime() {
    return Optional.ofNullable(times.get(""));
  }

  /// {@return a directory that is already there}; the caller closes it
  Optional<DirFd> existing(String path) throws LinuxException {
    try {
      return Optional.of(root.openDir(path.isEmpty() ? "." : path, RESOLVE));
    } catch (LinuxException e) {
      if (e.is(Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /// {@return whether this layer has something else than a directory where the path goes through},
  /// so that nothing of lower layers shows there
  boolean isHidden(String path) throws IOException {
    for (var at = EntryPath.of(path); !at.isRoot(); at = at.above()) {
      var above = existing(at.parent());
      if (above.isPresent()) {
        try (var directory = above.get()) {
          return directory.find(at.name()).filter(there -> !there.isDirectory()).isPresent();
        }
      }
    }
    return false;
  }

  /// {@return directories that have no entry of their own, so that lower layers say what they are
  /// like}
  Set<String> implied() {
    return Set.copyOf(implied);
  }

  @Override
  public void close() {
    open.values().forEach(DirFd::close);
    open.clear();
    root.close();
  }
}
