// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.linux.DirFd;
import io.criollo.linux.Errno;
import io.criollo.linux.Fd;
import io.criollo.linux.FileStat;
import io.criollo.linux.LinuxException;
import io.criollo.linux.OpenFlags;
import io.criollo.linux.Resolve;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/// One VOLUME path in a container's tree. Links in the image never lead out of it (CVE-2022-23648).
///
/// @param path absolute, without "." and ".."
record VolumeDirectory(DirFd root, String path) {
  static final int MODE = 0755;
  private static final long RESOLVE = Resolve.IN_ROOT | Resolve.NO_MAGICLINKS;

  /// {@return what is there}; absent too where the way there is barred by a file
  Optional<FileStat> stat() throws LinuxException {
    try (var found = Fd.openAt2(root.fd(), relative(path), OpenFlags.O_PATH, 0, RESOLVE)) {
      return Optional.of(found.stat());
    } catch (LinuxException e) {
      if (isAbsent(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /// Opens the deepest directory that is there and makes the rest below it; does nothing where
  /// something else is in the way.
  void make(VolumeOwner owner) throws LinuxException {
    var missing = new ArrayDeque<String>();
    var there = new ArrayDeque<>(Check.names(path));
    var parent = open(there);
    while (parent.isEmpty()) {
      missing.addFirst(there.removeLast());
      parent = open(there);
    }
    try (var directory = parent.get()) {
      makeBelow(directory, missing, owner);
    } catch (LinuxException e) {
      if (e.errno() != Errno.EEXIST) { // a link to nowhere: the image's own affair
        throw e;
      }
    }
  }

  private Optional<DirFd> open(Deque<String> names) throws LinuxException {
    try {
      return Optional.of(root.openDir(relative(String.join("/", names)), RESOLVE));
    } catch (LinuxException e) {
      if (isAbsent(e) && !names.isEmpty()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static boolean isAbsent(LinuxException e) {
    return e.is(Errno.ENOENT, Errno.ENOTDIR);
  }

  private static String relative(String path) {
    return path.isEmpty() || path.equals("/") ? "." : "./" + path;
  }

  private static void makeBelow(DirFd parent, Deque<String> missing, VolumeOwner owner)
      throws LinuxException {
    if (missing.isEmpty()) {
      return;
    }
    var name = missing.removeFirst();
    parent.mkdir(name, MODE);
    parent.chmod(name, MODE); // whatever the umask
    try (var directory = parent.openDir(name)) {
      owner.take(directory);
      makeBelow(directory, missing, owner);
    }
  }
}
