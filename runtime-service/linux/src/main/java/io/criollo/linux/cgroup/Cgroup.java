// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux.cgroup;

import io.criollo.linux.DirFd;
import io.criollo.linux.Errno;
import io.criollo.linux.Fd;
import io.criollo.linux.LinuxException;
import io.criollo.linux.OpenFlags;
import io.criollo.linux.Resolve;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// One cgroup by its directory; holds nothing open. Any thread; waits block: platform threads.
///
/// @param path of the directory
public record Cgroup(Path path) {
  private static final int LIMIT = 4 << 20;
  private static final long WALK = Resolve.BENEATH | Resolve.NO_SYMLINKS | Resolve.NO_XDEV;

  String name() {
    return path.getFileName().toString();
  }

  boolean has(String file) {
    return Files.exists(path.resolve(file));
  }

  public boolean exists() {
    return Files.isDirectory(path);
  }

  /// {@return the content of one of its files}
  ///
  /// @throws LinuxException ENOENT when there is no such cgroup, or its controller is not enabled
  public String read(String file) throws LinuxException {
    try (var fd = open(file, OpenFlags.O_RDONLY)) {
      return new String(fd.readAll(LIMIT), StandardCharsets.UTF_8);
    } catch (LinuxException e) {
      throw failed(e, "read " + path.resolve(file), "");
    }
  }

  public void write(String file, String value) throws LinuxException {
    try (var fd = open(file, OpenFlags.O_WRONLY)) {
      fd.writeAll(value.getBytes(StandardCharsets.UTF_8));
    } catch (LinuxException e) {
      throw failed(e, "write " + path.resolve(file), value);
    }
  }

  Fd open(String file, int flags) throws LinuxException {
    try (var dir = DirFd.open(path)) {
      return Fd.openAt2(dir.fd(), file, flags, 0, WALK);
    }
  }

  private LinuxException failed(LinuxException e, String what, String detail) {
    var missing =
        e.errno() == Errno.ENOENT && exists()
            ? "no such file: controller off, or kernel too old"
            : detail;
    return new LinuxException(e.errno(), what, missing);
  }

  /// {@return the number in a file; empty for `max`}
  public OptionalLong number(String file) throws LinuxException {
    return FlatKeyed.limit(path.resolve(file).toString(), read(file).strip());
  }

  /// {@return the processes in it, not in those below; of other PID namespaces none}
  public List<Long> procs() throws LinuxException {
    var pids = new ArrayList<Long>();
    for (var line : read("cgroup.procs").split("\n", -1)) {
      var pid = FlatKeyed.limit("cgroup.procs", line.isEmpty() ? "0" : line);
      if (pid.isPresent() && pid.getAsLong() > 0) {
        pids.add(pid.getAsLong());
      }
    }
    return List.copyOf(pids);
  }

  /// Moves a process, with all its threads, into it.
  public void add(long pid) throws LinuxException {
    write("cgroup.procs", Long.toString(pid));
  }

  /// Kills every process in it and below (Linux 5.14), also frozen ones and those just being
  /// forked; nothing there is no error.
  public void kill() throws LinuxException {
    try {
      write("cgroup.kill", "1");
    } catch (LinuxException e) {
      if (exists()) {
        throw e;
      }
    }
  }

  /// Stops every process in it and below.
  ///
  /// @return whether all have stopped in time
  public boolean freeze(Duration timeout) throws LinuxException {
    write("cgroup.freeze", "1");
    return CgroupEvents.await(this, "frozen", 1, timeout);
  }

  public void thaw() throws LinuxException {
    write("cgroup.freeze", "0");
  }

  /// {@return whether there are live processes in it or below}
  public boolean populated() throws LinuxException {
    return CgroupEvents.value(read(CgroupEvents.FILE), "populated") == 1;
  }

  /// Waits, blocking, until no live process is left in it and below.
  public boolean awaitEmpty(Duration timeout) throws LinuxException {
    return CgroupEvents.await(this, "populated", 0, timeout);
  }

  /// {@return the cgroups directly below}
  public List<Cgroup> children() throws LinuxException {
    try (var dir = DirFd.open(path)) {
      return dir.list().stream()
          .filter(entry -> entry.isDirectory())
          .map(entry -> new Cgroup(path.resolve(entry.name())))
          .toList();
    }
  }

  /// Removes it and all below; nothing there is no error. Waits for processes that are just ending.
  ///
  /// @throws LinuxException EBUSY when there still are processes after the timeout
  public void remove(Duration timeout) throws LinuxException {
    CgroupRemoval.remove(this, timeout);
  }

  public CpuStat cpu() throws LinuxException {
    return CpuStat.parse(read("cpu.stat"));
  }

  public MemoryStat memory() throws LinuxException {
    return MemoryStat.parse(read("memory.stat"));
  }

  public MemoryEvents memoryEvents() throws LinuxException {
    return MemoryEvents.parse(read("memory.events"));
  }

  public IoStat io() throws LinuxException {
    return IoStat.parse(read("io.stat"));
  }

  public PidsStat pids() throws LinuxException {
    return PidsStat.parse(read("pids.current"), read("pids.max"));
  }

  /// Pressure stall information.
  ///
  /// @param resource `cpu`, `memory` or `io`
  /// @throws LinuxException EOPNOTSUPP when the kernel was booted without it (`psi=1`)
  public Pressure pressure(String resource) throws LinuxException {
    return Pressure.parse(read(resource + ".pressure"));
  }
}
