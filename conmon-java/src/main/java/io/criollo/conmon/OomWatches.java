// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import io.criollo.conmon.io.EventLoop;
import io.criollo.linux.LinuxException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The OOM watches of all containers; those of scopes by the cgroup above theirs: what one pod's
/// cgroups tell of one container is known only together with what its other containers do. Owned by
/// the I/O thread.
final class OomWatches {
  /// How long a service manager may take to remove the cgroup of a container that has ended.
  private static final Duration REMOVAL = Duration.ofSeconds(1);

  private final EventLoop loop;
  private final Map<Path, Pod> pods = new HashMap<>();

  private static final class Pod {
    private final Set<ContainerFolder> creating = new HashSet<>();
    private final Set<OomWatch> watches = new HashSet<>();
  }

  OomWatches(EventLoop loop) {
    this.loop = loop;
  }

  /// A container with a scope is about to be made: it may be killed, and its cgroup gone, before it
  /// is watched. Of two that are made at once in a pod neither could be told from the other.
  void creating(Path cgroup, ContainerFolder folder) {
    Pod pod = pods.computeIfAbsent(above(cgroup), _ -> new Pod());
    boolean alone = pod.creating.isEmpty();
    pod.creating.add(folder);
    for (ContainerFolder each : pod.creating) {
      var before = alone ? PodKills.read(above(cgroup)) : Optional.<PodKills>empty();
      save(new OomState(0, before), each);
    }
    look(above(cgroup));
  }

  /// It is watched now, or was not made.
  void created(Path cgroup, ContainerFolder folder) {
    Pod pod = pods.get(above(cgroup));
    if (pod != null) {
      pod.creating.remove(folder);
      if (pod.watches.isEmpty() || !pod.watches.stream().allMatch(OomWatch::knowsPod)) {
        look(above(cgroup));
      }
    }
  }

  /// Of a container whose cgroup stays until its runtime removes it.
  ///
  /// @return empty where there is nothing to be watched
  Optional<OomWatch> open(Path cgroup, ContainerFolder folder) throws LinuxException {
    return OomWatch.open(loop, this, cgroup, folder);
  }

  /// Of a container whose cgroup is the scope of a service manager.
  ///
  /// @return empty where nothing is known and nothing to be watched
  Optional<OomWatch> openScope(Path cgroup, ContainerFolder folder) throws LinuxException {
    Optional<OomWatch> opened = OomWatch.openScope(loop, this, cgroup, folder);
    opened.ifPresent(
        watch -> pods.computeIfAbsent(above(cgroup), _ -> new Pod()).watches.add(watch));
    return opened;
  }

  /// {@return whether another container of the pod is being made}
  boolean contested(Path cgroup, ContainerFolder folder) {
    Pod pod = pods.get(above(cgroup));
    return pod != null && pod.creating.stream().anyMatch(each -> !each.equals(folder));
  }

  /// Its cgroup may still be there, and go a moment later.
  void closed(OomWatch watch, Path cgroup) {
    Pod pod = pods.get(above(cgroup));
    if (pod != null && pod.watches.remove(watch)) {
      look(above(cgroup));
      loop.after(REMOVAL, () -> look(above(cgroup)));
    }
  }

  private void look(Path above) {
    Pod pod = pods.get(above);
    if (pod == null) {
      return;
    }
    if (pod.watches.isEmpty() && pod.creating.isEmpty()) {
      pods.remove(above);
    }
    if (pod.watches.size() > PodKills.MOST) {
      pod.watches.forEach(OomWatch::forgetPod);
      return;
    }
    for (OomWatch watch : List.copyOf(pod.watches)) {
      try {
        watch.look();
      } catch (LinuxException e) {
        System.err.println("WARNING cannot look for OOM kills: " + e.getMessage());
      }
    }
  }

  /// What cannot be written is not known to the next monitor.
  static void save(OomState state, ContainerFolder folder) {
    try {
      state.save(folder.oom());
    } catch (IOException e) {
      System.err.println("WARNING cannot note OOM kills: " + e.getMessage());
    }
  }

  private static Path above(Path cgroup) {
    return cgroup.resolveSibling("");
  }
}
