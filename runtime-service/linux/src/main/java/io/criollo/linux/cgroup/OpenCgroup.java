// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux.cgroup;

import io.criollo.linux.DirFd;
import io.criollo.linux.Errno;
import io.criollo.linux.Fd;
import io.criollo.linux.KernelFile;
import io.criollo.linux.LinuxException;
import io.criollo.linux.OpenFlags;
import io.criollo.linux.Resolve;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// A cgroup held open with each of its files that was read, so that reading one again is one system
/// call. For one thread at a time; whoever opens it closes it.
public final class OpenCgroup implements AutoCloseable {
  private static final int LIMIT = 4 << 20;
  private static final long WALK = Resolve.BENEATH | Resolve.NO_SYMLINKS | Resolve.NO_XDEV;
  private static final String PROCESSES = "cgroup.procs";

  private final Cgroup cgroup;
  private final DirFd dir;
  private final Map<String, Fd> files = new HashMap<>();
  private final List<OpenCgroup> below = new ArrayList<>();

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
      if (isGone(e)) {
        return false;
      }
      throw e;
    }
  }

  static boolean isGone(LinuxException e) {
    return e.is(Errno.ENOENT, Errno.ENODEV);
  }

  /// {@return the content of one of its files}
  ///
  /// @throws LinuxException ENOENT for a file that the kernel or the controllers do not offer,
  ///   ENODEV when the cgroup has been removed
  public String read(String file) throws LinuxException {
    try {
      return KernelFile.read(file(file), LIMIT);
    } catch (LinuxException e) {
      throw new LinuxException(e.errno(), "read " + cgroup.path().resolve(file), "");
    }
  }

  private Fd file(String name) throws LinuxException {
    var open = files.get(name);
    if (open == null) {
      open = Fd.openAt2(dir.fd(), name, OpenFlags.O_RDONLY, 0, WALK);
      files.put(name, open);
    }
    return open;
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
    add(read(PROCESSES), pids);
    if (below.size() != descendants() || !addBelow(pids)) {
      lookBelow();
      var _ = addBelow(pids);
    }
    return pids.stream().distinct().toList();
  }

  private long descendants() throws LinuxException {
    return FlatKeyed.parse("cgroup.stat", read("cgroup.stat")).getOrDefault("nr_descendants", 0L);
  }

  /// {@return whether all that were below are still there}
  private boolean addBelow(List<Long> pids) throws LinuxException {
    boolean all = true;
    for (var one : below) {
      try {
        add(one.read(PROCESSES), pids);
      } catch (LinuxException e) {
        all &= e.errno() == Errno.EOPNOTSUPP; // it has threads of processes that are above
        if (!isGone(e) && e.errno() != Errno.EOPNOTSUPP) {
          throw e;
        }
      }
    }
    return all;
  }

  private void lookBelow() throws LinuxException {
    below.forEach(OpenCgroup::close);
    below.clear();
    lookBelow(cgroup);
  }

  private void lookBelow(Cgroup top) throws LinuxException {
    for (var child : top.children()) {
      try {
        below.add(open(child));
        lookBelow(child);
      } catch (LinuxException e) {
        if (!isGone(e)) {
          throw e; // else removed in between
        }
      }
    }
  }

  private static void add(String procs, List<Long> pids) throws LinuxException {
    for (var line : procs.lines().toList()) {
      long pid = FlatKeyed.number(PROCESSES, line);
      if (pid > 0) {
        pids.add(pid);
      }
    }
  }

  @Override
  public void close() {
    below.forEach(OpenCgroup::close);
    files.values().forEach(Fd::close);
    dir.close();
  }
}
