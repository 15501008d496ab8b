// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/// Removes a tree by descriptors, iteratively. A directory deeper than [#DEEPEST] is first moved up
/// to the top of the tree, so that no chain of nested directories exhausts descriptors, stack or
/// memory. One thread.
final class TreeRemoval {
  private static final int DEEPEST = 24;
  private static final int RESCANS = 1000;
  private static final long WALK = Resolve.NO_XDEV | Resolve.NO_SYMLINKS | Resolve.BENEATH;

  private final DirFd top;
  private final Deque<Level> levels = new ArrayDeque<>();
  private long moved;

  private TreeRemoval(DirFd top) {
    this.top = top;
  }

  static void remove(DirFd parent, String name) throws LinuxException {
    if (unlinked(parent, name)) {
      return;
    }
    for (var scan = 0; ; scan++) {
      try (var top = enter(parent, name)) {
        new TreeRemoval(top).empty();
      }
      if (removed(parent, name, scan)) {
        return;
      }
    }
  }

  /// {@return false when something came in meanwhile}
  private static boolean removed(DirFd parent, String name, int scan) throws LinuxException {
    try {
      parent.rmdir(name);
      return true;
    } catch (LinuxException e) {
      if (e.is(Errno.ENOTEMPTY, Errno.EEXIST) && scan < RESCANS) {
        return false;
      }
      throw e;
    }
  }

  /// {@return whether it is gone; false for a directory}
  private static boolean unlinked(DirFd parent, String name) throws LinuxException {
    try {
      parent.unlink(name);
      return true;
    } catch (LinuxException e) {
      if (e.is(Errno.EISDIR) || (e.is(Errno.EPERM) && parent.stat(name).isDirectory())) {
        return false;
      }
      if (e.errno() == Errno.ENOENT) {
        return true;
      }
      throw e;
    }
  }

  private static DirFd enter(DirFd parent, String name) throws LinuxException {
    try {
      return parent.openDir(name, WALK);
    } catch (LinuxException e) {
      if (e.errno() == Errno.EXDEV) {
        throw new LinuxException(Errno.EBUSY, "remove " + name, "something is mounted there");
      }
      throw e;
    }
  }

  private void empty() throws LinuxException {
    try {
      levels.push(new Level(top, ""));
      while (!levels.isEmpty()) {
        step(levels.element());
      }
    } finally {
      for (var level : levels) {
        level.close(top);
      }
    }
  }

  private void step(Level level) throws LinuxException {
    if (!level.hasNext()) {
      leave();
      return;
    }
    var entry = level.next();
    if (!entry.isDirectory() && unlinked(level.dir, entry.name())) {
      return;
    }
    if (levels.size() <= DEEPEST) {
      levels.push(new Level(enter(level.dir, entry.name()), entry.name()));
    } else {
      moveUp(level.dir, entry.name());
    }
  }

  /// Leaves an emptied directory and removes it; what came in meanwhile is taken in another scan.
  private void leave() throws LinuxException {
    var level = levels.element();
    if (level.removedSomething() && level.rescan()) {
      return;
    }
    levels.pop();
    level.close(top);
    if (!levels.isEmpty()) {
      levels.element().dir.rmdir(level.name);
    }
  }

  private void moveUp(DirFd from, String name) throws LinuxException {
    while (true) {
      try {
        top.renameNoReplace(from, name, ".criollo-removal-" + moved++);
        return;
      } catch (LinuxException e) {
        if (e.errno() != Errno.EEXIST) {
          throw e;
        }
      }
    }
  }

  /// A directory that is being emptied.
  private static final class Level {
    final DirFd dir;
    final String name;
    private final DirReader reader;
    private Iterator<DirEntry> chunk = java.util.Collections.emptyIterator();
    private boolean seen;
    private int scans;

    Level(DirFd dir, String name) {
      this.dir = dir;
      this.name = name;
      this.reader = new DirReader(dir.fd());
    }

    boolean hasNext() throws LinuxException {
      if (!chunk.hasNext()) {
        chunk = reader.next().iterator();
      }
      seen |= chunk.hasNext();
      return chunk.hasNext();
    }

    DirEntry next() {
      return chunk.next();
    }

    /// Entries removed while reading may hide others: a scan that saw something is not the last.
    boolean removedSomething() {
      return seen;
    }

    boolean rescan() throws LinuxException {
      seen = false;
      dir.fd().seek(0);
      return scans++ < RESCANS;
    }

    void close(DirFd top) {
      reader.close();
      if (dir != top) {
        dir.close();
      }
    }
  }
}
