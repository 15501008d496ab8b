// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.linux.DirFd;
import io.criollo.linux.Errno;
import io.criollo.linux.LinuxException;
import io.criollo.linux.Resolve;
import io.criollo.runtime.state.Refusal;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// The VOLUME paths of an image: directories in the container's own tree, made if missing, as CRI-O
/// does by default (image_volumes = "mkdir"). Links in the image never lead out of it
/// (CVE-2022-23648).
final class ImageVolumes {
  private static final int MOST = 1000;
  private static final int MODE = 0755;

  private ImageVolumes() {}

  static void make(Path rootfs, List<String> volumes, Optional<UserNs> users) {
    Check.that(
        volumes.size() <= MOST, "volumes of the image", volumes.size(), "must be at most " + MOST);
    if (volumes.isEmpty()) {
      return;
    }
    try (var root = DirFd.open(rootfs)) {
      for (var volume : volumes) {
        make(root, Check.absolutePath("volume of the image", "/" + volume), users);
      }
    } catch (LinuxException e) {
      throw new Refusal.FailedPrecondition("make a volume of the image: " + e.getMessage(), e);
    }
  }

  /// Opens the deepest directory that is there and makes the rest below it.
  private static void make(DirFd root, String volume, Optional<UserNs> users)
      throws LinuxException {
    var missing = new ArrayDeque<String>();
    var there = new ArrayDeque<>(Check.names(volume));
    var parent = open(root, there);
    while (parent.isEmpty()) {
      missing.addFirst(there.removeLast());
      parent = open(root, there);
    }
    try (var directory = parent.get()) {
      makeBelow(directory, missing, users);
    } catch (LinuxException e) {
      if (e.errno() != Errno.EEXIST) { // a link to nowhere: the image's own affair
        throw e;
      }
    }
  }

  private static Optional<DirFd> open(DirFd root, Deque<String> names) throws LinuxException {
    var path = names.isEmpty() ? "." : String.join("/", names);
    try {
      return Optional.of(root.openDir(path, Resolve.IN_ROOT | Resolve.NO_MAGICLINKS));
    } catch (LinuxException e) {
      boolean absent = e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR;
      if (absent && !names.isEmpty()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static void makeBelow(DirFd parent, Deque<String> missing, Optional<UserNs> users)
      throws LinuxException {
    if (missing.isEmpty()) {
      return;
    }
    var name = missing.removeFirst();
    parent.mkdir(name, MODE);
    parent.chmod(name, MODE); // whatever the umask
    try (var directory = parent.openDir(name)) {
      if (users.isPresent()) {
        directory.fd().chown(users.get().rootUid(), users.get().rootGid());
      }
      makeBelow(directory, missing, users);
    }
  }
}
