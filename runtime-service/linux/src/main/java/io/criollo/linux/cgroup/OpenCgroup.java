// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux.cgroup;

import io.criollo.linux.DirFd;
import io.criollo.linux.Errno;
import io.criollo.linux.Fd;
import io.criollo.linux.LinuxException;
import io.criollo.linux.OpenFlags;
import io.criollo.linux.Resolve;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// A cgroup held open, to read many of its files at little cost. For one thread; whoever opens it
/// closes it.
public final class OpenCgroup implements AutoCloseable {
  private static final int LIMIT = 4 << 20;
  private static final long WALK = Resolve.BENEATH | Resolve.NO_SYMLINKS | Resolve.NO_XDEV;

  private final Cgroup cgroup;
  private final DirFd dir;

  private OpenCgroup(Cgroup cgroup, DirFd dir) {
    this.cgroup = cgroup;
    this.dir = dir;
  }

  /// Opens it.
  ///
  /// @throws LinuxException ENOENT when it is not there (any more)
  public static OpenCgroup open(Cgroup cgroup) throws LinuxException {
    return new OpenCgroup(cgroup, DirFd.open(cgroup.path()));
  }

  /// What is read of a cgroup at one time.
  @FunctionalInterface
  public interface Reading {
    void of(OpenCgroup cgroup) throws LinuxException;
  }

  /// Reads a cgroup that may go away at any moment.
  ///
  /// @return false when it was not there, or went away while it was read
  public static boolean whileThere(Cgroup cgroup, Reading reading) throws LinuxException {
    try (var open = open(cgroup)) {
      reading.of(open);
      return true;
    } catch (LinuxException e) {
      if (e.is(Errno.ENOENT, Errno.ENODEV)) {
        return false;
      }
      throw e;
    }
  }

  /// {@return the content of one of its files}
  ///
  /// @throws LinuxException ENOENT for a file that the kernel or the controllers do not offer,
  ///   ENODEV when the cgroup has been removed
  public String read(String file) throws LinuxException {
    try (var fd = Fd.openAt2(dir.fd(), file, OpenFlags.O_RDONLY, 0, WALK)) {
      return new String(fd.readAll(LIMIT), StandardCharsets.UTF_8);
    } catch (LinuxException e) {
      throw new LinuxException(e.errno(), "read " + cgroup.path().resolve(file), "");
    }
  }

  /// {@return the content of a file; empty when the kernel or the controllers do not offer it}
  public String readIfThere(String file) throws LinuxException {
    try {
      return read(file);
    } catch (LinuxException e) {
      if (e.is(Errno.ENOENT, Errno.EOPNOTSUPP)) {
        return "";
      }
      throw e;
    }
  }

  /// {@return the number in a file; empty for `max` and for a file that is not there}
  public OptionalLong number(String file) throws LinuxException {
    var text = readIfThere(file).strip();
    return text.isEmpty()
        ? OptionalLong.empty()
        : FlatKeyed.limit(cgroup.path().resolve(file).toString(), text);
  }

  /// {@return the processes in it and below; those of other PID namespaces are left out}
  public List<Long> processes() throws LinuxException {
    var pids = new ArrayList<Long>();
    add(read("cgroup.procs"), pids);
    if (!read("cgroup.stat").startsWith("nr_descendants 0\n")) {
      below(cgroup, pids);
    }
    return List.copyOf(pids);
  }

  private static void below(Cgroup top, List<Long> pids) throws LinuxException {
    for (var child : top.children()) {
      try {
        add(child.read("cgroup.procs"), pids);
        below(child, pids);
      } catch (LinuxException e) {
        if (!e.is(Errno.ENOENT, Errno.ENODEV, Errno.EOPNOTSUPP)) {
          throw e; // else removed in between, or of a threaded cgroup
        }
      }
    }
  }

  private static void add(String procs, List<Long> pids) throws LinuxException {
    for (var line : procs.lines().toList()) {
      long pid = FlatKeyed.number("cgroup.procs", line);
      if (pid > 0) {
        pids.add(pid);
      }
    }
  }

  @Override
  public void close() {
    dir.close();
  }
}
