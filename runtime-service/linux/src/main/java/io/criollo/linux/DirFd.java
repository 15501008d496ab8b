// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A directory, and operations on the names in it. A name is one component: not empty, no `/`,
/// neither `.` nor `..`; anything else is EINVAL. No operation follows a symbolic link unless it
/// says so. Any thread; who opens it closes it. Modes of new files are cut by the umask.
public final class DirFd implements AutoCloseable {
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int AT_REMOVEDIR = 0x200;
  private static final int RENAME_NOREPLACE = 1;
  private static final int PATH_MAX = 4096;
  private static final int OPEN = OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY;

  private final Fd fd;

  private DirFd(Fd fd) {
    this.fd = fd;
  }

  /// Opens a directory by path, following links.
  public static DirFd open(Path path) throws LinuxException {
    return new DirFd(Fd.open(path, OPEN, 0));
  }

  /// Opens the directory that holds `path`, which need not exist; EINVAL for the root.
  public static DirFd parentOf(Path path) throws LinuxException {
    var parent = path.toAbsolutePath().getParent();
    if (parent == null) {
      throw new LinuxException(Errno.EINVAL, "open the parent of " + path, "it is the root");
    }
    return open(parent);
  }

  /// Takes over a descriptor of a directory that was opened for reading.
  public static DirFd of(Fd directory) {
    return new DirFd(directory);
  }

  /// {@return the descriptor, which stays owned by this}
  public Fd fd() {
    return fd;
  }

  @Override
  public void close() {
    fd.close();
  }

  public DirFd openDir(String name) throws LinuxException {
    return new DirFd(openFile(name, OPEN | OpenFlags.O_NOFOLLOW, 0));
  }

  /// Opens a directory by a path of many components below this one ([Fd#openAt2]).
  public DirFd openDir(String path, long resolve) throws LinuxException {
    return new DirFd(Fd.openAt2(fd, path, OPEN, 0, resolve));
  }

  /// Opens or creates a file; a symbolic link is refused with ELOOP.
  public Fd openFile(String name, int flags, int mode) throws LinuxException {
    single(name);
    var dir = fd.acquire();
    try {
      return Fd.open(dir, name, flags | OpenFlags.O_NOFOLLOW, mode);
    } finally {
      fd.release();
    }
  }

  public void mkdir(String name, int mode) throws LinuxException {
    run(Syscall.MKDIRAT, "mkdir", name, mode, 0, 0);
  }

  public void mkfifo(String name, int mode) throws LinuxException {
    mknod(name, FileStat.S_IFIFO | mode, 0, 0);
  }

  /// Makes a node of any kind.
  ///
  /// @param mode type (`FileStat.S_IF*`) and permission bits
  public void mknod(String name, int mode, int major, int minor) throws LinuxException {
    run(Syscall.MKNODAT, "mknod", name, mode, device(major, minor), 0);
  }

  /// The kernel's encoding of a device number (`new_encode_dev`), 12 bits of major and 20 of minor.
  static long device(int major, int minor) throws LinuxException {
    if ((major & ~0xFFF) != 0 || (minor & ~0xFFFFF) != 0) {
      throw new LinuxException(Errno.EINVAL, "name device " + major + ":" + minor, "out of range");
    }
    return (minor & 0xFFL) | (long) major << 8 | (minor & ~0xFFL) << 12;
  }

  public void symlink(String target, String name) throws LinuxException {
    single(name);
    var dir = fd.acquire();
    try (var arena = Arena.ofConfined()) {
      var from = KernelString.allocate(arena, target);
      var to = KernelString.allocate(arena, name);
      check(
          Syscall.SYMLINKAT,
          Syscall.SYMLINKAT.call(from.address(), dir, to.address()),
          "symlink",
          name);
    } finally {
      fd.release();
    }
  }

  /// Links `from` in `source` (a symbolic link itself, not its target) to `name` here.
  public void link(DirFd source, String from, String name) throws LinuxException {
    pair(Syscall.LINKAT, "link", source, from, name, 0);
  }

  /// Moves `from` in `source` to `name` here, over what is there.
  public void rename(DirFd source, String from, String name) throws LinuxException {
    pair(Syscall.RENAMEAT2, "rename", source, from, name, 0);
  }

  /// Moves `from` in `source` to `name` here; EEXIST when there is one.
  public void renameNoReplace(DirFd source, String from, String name) throws LinuxException {
    pair(Syscall.RENAMEAT2, "rename", source, from, name, RENAME_NOREPLACE);
  }

  private void pair(Syscall call, String verb, DirFd source, String from, String to, int flags)
      throws LinuxException {
    single(from);
    single(to);
    var sourceDir = source.fd.acquire();
    try (var arena = Arena.ofConfined()) {
      var old = KernelString.allocate(arena, from).address();
      var fresh = KernelString.allocate(arena, to).address();
      var dir = fd.acquire();
      try {
        check(call, call.call(sourceDir, old, dir, fresh, flags), verb, from + " to " + to);
      } finally {
        fd.release();
      }
    } finally {
      source.fd.release();
    }
  }

  public void unlink(String name) throws LinuxException {
    run(Syscall.UNLINKAT, "unlink", name, 0, 0, 0);
  }

  public void rmdir(String name) throws LinuxException {
    run(Syscall.UNLINKAT, "rmdir", name, AT_REMOVEDIR, 0, 0);
  }

  /// Sets the owner, of a symbolic link itself.
  ///
  /// @param uid unsigned, -1 leaves it
  /// @param gid unsigned, -1 leaves it
  public void chown(String name, int uid, int gid) throws LinuxException {
    run(Syscall.FCHOWNAT, "chown", name, uid, gid, AT_SYMLINK_NOFOLLOW);
  }

  /// Sets the permission bits of anything but a symbolic link, which is refused with ELOOP.
  public void chmod(String name, int mode) throws LinuxException {
    try (var file = openFile(name, OpenFlags.O_PATH, 0)) {
      if (file.stat().isSymbolicLink()) {
        throw new LinuxException(Errno.ELOOP, "chmod " + name, "a symbolic link");
      }
      file.chmod(mode);
    }
  }

  /// Sets access and modification time, of a symbolic link itself.
  public void utimens(String name, Instant accessed, Instant modified) throws LinuxException {
    try (var arena = Arena.ofConfined()) {
      var times = Fd.times(arena, accessed, modified);
      run(Syscall.UTIMENSAT, "utimens", name, times.address(), AT_SYMLINK_NOFOLLOW, 0);
    }
  }

  /// {@return what `name` is, not what it links to}
  public FileStat stat(String name) throws LinuxException {
    single(name);
    var dir = fd.acquire();
    try {
      return FileStat.of(dir, name, AT_SYMLINK_NOFOLLOW);
    } finally {
      fd.release();
    }
  }

  /// {@return what `name` is, if it is there}
  public Optional<FileStat> find(String name) throws LinuxException {
    try {
      return Optional.of(stat(name));
    } catch (LinuxException e) {
      if (e.errno() == Errno.ENOENT) {
        return Optional.empty();
      }
      throw e;
    }
  }

  public String readLink(String name) throws LinuxException {
    single(name);
    var dir = fd.acquire();
    try {
      return readLink(dir, name);
    } finally {
      fd.release();
    }
  }

  static String readLink(int dirFd, String path) throws LinuxException {
    try (var arena = Arena.ofConfined()) {
      var name = KernelString.allocate(arena, path);
      var to = arena.allocate(PATH_MAX);
      var result = Syscall.READLINKAT.call(dirFd, name.address(), to.address(), PATH_MAX);
      if (result < 0) {
        throw Syscall.READLINKAT.failed(
            result, "readlink " + (path.isEmpty() ? "descriptor " + dirFd : path));
      }
      return KernelString.decode(to.asSlice(0, result).toArray(ValueLayout.JAVA_BYTE));
    }
  }

  /// {@return all entries but `.` and `..`, from the start, in the file system's order}
  ///
  /// One thread at a time: the descriptor has one position.
  public List<DirEntry> list() throws LinuxException {
    fd.seek(0);
    var entries = new ArrayList<DirEntry>();
    try (var reader = new DirReader(fd)) {
      for (var chunk = reader.next(); !chunk.isEmpty(); chunk = reader.next()) {
        entries.addAll(chunk);
      }
    }
    return List.copyOf(entries);
  }

  /// Removes a directory and all below it, or a file; nothing there is no error. Links are not
  /// followed and other mounts are not entered: a mount point below is EBUSY and stays. Memory and
  /// descriptors are bounded at any depth ([TreeRemoval]). Safe against renames within the tree.
  public static void removeTree(Path tree) throws LinuxException {
    DirFd parent;
    try {
      parent = parentOf(tree);
    } catch (LinuxException e) {
      if (e.errno() == Errno.ENOENT) {
        return;
      }
      throw e;
    }
    try (parent) {
      parent.removeTree(tree.getFileName().toString());
    }
  }

  /// As [#removeTree(Path)], for a name in this directory.
  public void removeTree(String name) throws LinuxException {
    single(name);
    TreeRemoval.remove(this, name);
  }

  private void run(Syscall call, String verb, String name, long c, long d, long e)
      throws LinuxException {
    single(name);
    var dir = fd.acquire();
    try (var arena = Arena.ofConfined()) {
      var segment = KernelString.allocate(arena, name);
      check(call, call.call(dir, segment.address(), c, d, e), verb, name);
    } finally {
      fd.release();
    }
  }

  private static void check(Syscall call, long result, String verb, String name)
      throws LinuxException {
    if (result < 0) {
      throw call.failed(result, verb + " " + name);
    }
  }

  static void single(String name) throws LinuxException {
    if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('/') >= 0) {
      throw new LinuxException(Errno.EINVAL, "use name '" + name + "'", "not a single component");
    }
  }
}
