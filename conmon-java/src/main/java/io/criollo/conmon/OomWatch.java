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
import java.util.OptionalLong;

/// Counts the OOM kills in a container's cgroup by `memory.events` (cgroup v2), also those of a
/// child; the count outlives the cgroup. A service manager may take the cgroup of a scope away
/// before its last count is read: then the pod's cgroup above, which counts what happens below it,
/// tells whether one came since. Owned by the I/O thread.
final class OomWatch implements AutoCloseable {
  private static final String EVENTS = "memory.events";

  private final EventLoop loop;
  private final Fd events;
  private final Optional<Fd> podEvents;
  private long kills;
  private long podKills;
  private boolean gone;

  private OomWatch(EventLoop loop, Fd events, Optional<Fd> podEvents) {
    this.loop = loop;
    this.events = events;
    this.podEvents = podEvents;
  }

  /// {@return empty where there is no such file}
  static Optional<OomWatch> open(EventLoop loop, Path cgroup) throws LinuxException {
    Optional<Fd> events = file(cgroup.resolve(EVENTS));
    if (events.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new OomWatch(loop, events.get(), file(cgroup.resolveSibling(EVENTS))));
    } catch (LinuxException e) {
      events.get().close();
      throw e;
    }
  }

  private static Optional<Fd> file(Path path) throws LinuxException {
    try {
      return Optional.of(Fd.open(path, OpenFlags.O_RDONLY, 0));
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
    if (podEvents.isPresent()) {
      loop.watch(podEvents.get(), Poller.PRI, this::look);
    }
  }

  private void look() throws LinuxException {
    if (gone) {
      return;
    }
    long before = podKills; // read first: a kill in between is seen by one or the other
    podKills = podEvents.isPresent() ? count(podEvents.get()).orElse(before) : before;
    var own = count(events);
    gone = own.isEmpty();
    kills = Math.max(kills, own.orElse(kills + podKills - before));
    if (gone) {
      unwatch();
    }
  }

  /// {@return empty when the cgroup is gone}
  private static OptionalLong count(Fd events) throws LinuxException {
    try {
      events.seek(0);
      var content = new String(events.readAll(4096), StandardCharsets.US_ASCII);
      return OptionalLong.of(MemoryEvents.parse(content).oomKill());
    } catch (LinuxException e) {
      if (e.errno() != Errno.ENODEV) {
        throw e;
      }
      return OptionalLong.empty();
    }
  }

  boolean killed() throws LinuxException {
    look();
    return kills > 0;
  }

  private void unwatch() {
    loop.unwatch(events);
    podEvents.ifPresent(loop::unwatch);
  }

  @Override
  public void close() {
    unwatch();
    events.close();
    podEvents.ifPresent(Fd::close);
  }
}
