// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import io.criollo.conmon.io.EventLoop;
import io.criollo.linux.Errno;
import io.criollo.linux.Fd;
import io.criollo.linux.LinuxException;
import io.criollo.linux.OpenFlags;
import io.criollo.linux.Poller;
import io.criollo.linux.cgroup.MemoryEvents;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/// Counts the OOM kills in a container's cgroup by `memory.events` (cgroup v2), also those of a
/// child; the count outlives the cgroup. Owned by the I/O thread.
final class OomWatch implements AutoCloseable {
  private final EventLoop loop;
  private final Fd events;
  private long kills;

  private OomWatch(EventLoop loop, Fd events) {
    this.loop = loop;
    this.events = events;
  }

  /// {@return empty where there is no such file}
  static Optional<OomWatch> open(EventLoop loop, Path cgroup) throws LinuxException {
    try {
      Fd events = Fd.open(cgroup.resolve("memory.events"), OpenFlags.O_RDONLY, 0);
      return Optional.of(new OomWatch(loop, events));
    } catch (LinuxException e) {
      if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR) {
        return Optional.empty();
      }
      throw e;
    }
  }

  void start() throws LinuxException {
    look();
    loop.watch(events, Poller.PRI, this::look);
  }

  private void look() throws LinuxException {
    try {
      events.seek(0);
      var content = new String(events.readAll(4096), StandardCharsets.US_ASCII);
      kills = Math.max(kills, MemoryEvents.parse(content).oomKill());
    } catch (LinuxException e) {
      if (e.errno() != Errno.ENODEV) {
        throw e;
      }
      loop.unwatch(events); // the cgroup is gone: the last count stays
    }
  }

  boolean killed() throws LinuxException {
    look();
    return kills > 0;
  }

  @Override
  public void close() {
    loop.unwatch(events);
    events.close();
  }
}
