// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import io.criollo.linux.DirEntry;
import io.criollo.linux.DirFd;
import io.criollo.linux.Errno;
import io.criollo.linux.Fd;
import io.criollo.linux.KernelFile;
import io.criollo.linux.LinuxException;
import io.criollo.linux.OpenFlags;
import io.criollo.linux.cgroup.MemoryEvents;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// OOM kills in cgroups that have gone since, of a pod: its cgroup counts what happens below it, so
/// they are what its count exceeds those of the cgroups that are there.
///
/// @param vanished kills in cgroups that have gone
/// @param present the cgroups that are there, by name
record PodKills(long vanished, Set<String> present) {
  static final String EVENTS = "memory.events";

  /// A parent of more than that is no pod, and not worth the time.
  static final int MOST = 16;

  /// The files are not read all at once: two readings must agree.
  private static final int READINGS = 5;

  PodKills {
    present = Set.copyOf(present);
  }

  private record Reading(Map<String, Long> children, long all) {
    PodKills kills() {
      long there = children.values().stream().mapToLong(Long::longValue).sum();
      return new PodKills(all - there, children.keySet());
    }
  }

  /// {@return empty when it cannot be told}
  static Optional<PodKills> read(Path pod) {
    try (DirFd folder = DirFd.open(pod)) {
      Optional<Reading> last = Optional.empty();
      for (int i = 0; i < READINGS; i++) {
        List<String> children =
            folder.list().stream().filter(DirEntry::isDirectory).map(DirEntry::name).toList();
        if (children.size() > MOST) {
          return Optional.empty();
        }
        Optional<Reading> next = reading(pod, children);
        if (next.isPresent() && next.equals(last)) {
          return next.map(Reading::kills);
        }
        last = next;
      }
      return Optional.empty();
    } catch (LinuxException e) {
      return isGone(e) ? Optional.of(new PodKills(0, Set.of())) : Optional.empty();
    }
  }

  /// {@return empty when one of them goes right now}
  private static Optional<Reading> reading(Path pod, List<String> children) throws LinuxException {
    var counts = new HashMap<String, Long>();
    try {
      for (String child : children) {
        counts.put(child, count(pod.resolve(child)));
      }
    } catch (LinuxException e) {
      if (isGone(e)) {
        return Optional.empty();
      }
      throw e;
    }
    return Optional.of(new Reading(Map.copyOf(counts), count(pod)));
  }

  private static boolean isGone(LinuxException e) {
    return e.is(Errno.ENOENT, Errno.ENOTDIR, Errno.ENODEV);
  }

  private static long count(Path cgroup) throws LinuxException {
    try (Fd events = Fd.open(cgroup.resolve(EVENTS), OpenFlags.O_RDONLY, 0)) {
      return MemoryEvents.parse(KernelFile.read(events, 4096)).oomKill();
    }
  }

  /// {@return whether a process of this cgroup must have been killed: one was, in a cgroup that has
  /// gone, and no other one has}
  ///
  /// @param before when the cgroup was there, or was not there yet
  boolean blame(String cgroup, PodKills before) {
    var gone = new HashSet<>(before.present);
    gone.removeAll(present);
    gone.remove(cgroup);
    return vanished > before.vanished && gone.isEmpty() && !present.contains(cgroup);
  }
}
