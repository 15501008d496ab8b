// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.mount;

import io.criollo.linux.DirFd;
import io.criollo.linux.Errno;
import io.criollo.linux.LinuxException;
import io.criollo.linux.Resolve;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashSet;

/// Adds up what a tree takes on disk. A container may change the tree meanwhile: links are not
/// followed, what vanishes is not counted, and files with several names count once.
final class TreeUsage {
  private static final long RESOLVE =
      Resolve.IN_ROOT | Resolve.NO_MAGICLINKS | Resolve.NO_SYMLINKS | Resolve.NO_XDEV;
  private static final int BLOCK = 512;

  private final ArrayDeque<String> waiting = new ArrayDeque<>();
  private final HashSet<Long> seen = new HashSet<>();
  private long bytes;
  private long inodes;

  private TreeUsage() {}

  static FsUsage of(Path tree) throws LinuxException {
    var usage = new TreeUsage();
    try (var root = DirFd.open(tree)) {
      usage.waiting.add(".");
      while (!usage.waiting.isEmpty()) {
        usage.add(root, usage.waiting.removeLast());
      }
    }
    return new FsUsage(tree, usage.bytes, usage.inodes, Instant.now());
  }

  private void add(DirFd root, String path) throws LinuxException {
    try (var directory = root.openDir(path, RESOLVE)) {
      for (var entry : directory.list()) {
        var found = directory.find(entry.name());
        if (found.isEmpty()
            || (found.get().links() > 1
                && !found.get().isDirectory()
                && !seen.add(found.get().inode()))) {
          continue;
        }
        bytes += found.get().blocks() * BLOCK;
        inodes++;
        if (found.get().isDirectory()) {
          waiting.add(path + "/" + entry.name());
        }
      }
    } catch (LinuxException e) {
      if (!e.is(Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP, Errno.ENAMETOOLONG)) {
        throw e;
      }
    }
  }
}
