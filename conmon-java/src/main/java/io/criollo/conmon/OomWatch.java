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
/// before its last count is read, or while no monitor lives: then the pod's cgroups tell, unless it
/// might have been another container. Owned by the I/O thread.
final class OomWatch implements AutoCloseable {
  private final EventLoop loop;
  private final OomWatches all;
  private final Path cgroup;
  private final ContainerFolder folder;
  private final boolean isScope;
  private final Optional<Fd> events;
  private final Optional<Fd> podEvents;
  private OomState state;
  private boolean gone;

  private OomWatch(EventLoop loop, OomWatches all, Place place, Files files) {
    this.loop = loop;
    this.all = all;
    this.cgroup = place.cgroup();
    this.folder = place.folder();
    this.isScope = place.isScope();
    this.events = files.own();
    this.podEvents = files.pod();
    this.state = OomState.load(folder.oom());
    this.gone = events.isEmpty();
  }

  private record Place(Path cgroup, ContainerFolder folder, boolean isScope) {}

  private record Files(Optional<Fd> own, Optional<Fd> pod) {}

  /// {@return empty where there is no such file, and nothing known from before}
  static Optional<OomWatch> open(
      EventLoop loop, OomWatches all, Path cgroup, ContainerFolder folder) throws LinuxException {
    return open(loop, all, new Place(cgroup, folder, false));
  }

  /// The same of a cgroup that a service manager takes away.
  static Optional<OomWatch> openScope(
      EventLoop loop, OomWatches all, Path cgroup, ContainerFolder folder) throws LinuxException {
    return open(loop, all, new Place(cgroup, folder, true));
  }

  private static Optional<OomWatch> open(EventLoop loop, OomWatches all, Place place)
      throws LinuxException {
    Path cgroup = place.cgroup();
    Optional<Fd> own = file(cgroup.resolve(PodKills.EVENTS));
    if (own.isEmpty() && OomState.load(place.folder().oom()).equals(OomState.NONE)) {
      return Optional.empty();
    }
    try {
      Optional<Fd> pod =
          place.isScope() ? file(cgroup.resolveSibling(PodKills.EVENTS)) : Optional.empty();
      return Optional.of(new OomWatch(loop, all, place, new Files(own, pod)));
    } catch (LinuxException e) {
      own.ifPresent(Fd::close);
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
    if (events.isPresent() && !gone) {
      loop.watch(events.get(), Poller.PRI, this::look);
    }
    if (podEvents.isPresent() && !gone) {
      loop.watch(podEvents.get(), Poller.PRI, this::look);
    }
  }

  /// While its own count can be read, it has no part in those that have vanished.
  void look() throws LinuxException {
    if (isScope && all.contested(cgroup, folder)) {
      forgetPod();
    }
    if (gone) {
      return;
    }
    Optional<PodKills> pod = pod();
    OptionalLong own = count(events.orElseThrow());
    gone = own.isEmpty();
    if (gone) {
      unwatch();
    } else {
      keep(new OomState(Math.max(state.kills(), own.getAsLong()), pod));
    }
  }

  private Optional<PodKills> pod() {
    return isScope && !all.contested(cgroup, folder)
        ? PodKills.read(cgroup.resolveSibling("")).filter(this::there)
        : Optional.empty();
  }

  boolean knowsPod() {
    return state.pod().isPresent();
  }

  /// Its pod's cgroups do not tell any more what was of this container.
  void forgetPod() {
    keep(new OomState(state.kills(), Optional.empty()));
  }

  private boolean there(PodKills pod) {
    return pod.present().contains(cgroup.getFileName().toString());
  }

  private void keep(OomState next) {
    if (!next.equals(state)) {
      state = next;
      OomWatches.save(state, folder);
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
    return state.kills() > 0 || (gone && blamed());
  }

  private boolean blamed() {
    return state.pod().isPresent()
        && !all.contested(cgroup, folder)
        && PodKills.read(cgroup.resolveSibling(""))
            .filter(now -> now.blame(cgroup.getFileName().toString(), state.pod().get()))
            .isPresent();
  }

  private void unwatch() {
    events.ifPresent(loop::unwatch);
    podEvents.ifPresent(loop::unwatch);
  }

  @Override
  public void close() {
    unwatch();
    events.ifPresent(Fd::close);
    podEvents.ifPresent(Fd::close);
    gone = true;
    all.closed(this, cgroup);
  }
}
