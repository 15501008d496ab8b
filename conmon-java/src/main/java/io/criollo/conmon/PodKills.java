// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import io.criollo.linux.cgroup.MemoryEvents;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
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
    Optional<Reading> last = Optional.empty();
    if (many(pod)) {
      return Optional.empty();
    }
    for (int i = 0; i < READINGS; i++) {
      Optional<Reading> next = reading(pod);
      if (next.isPresent() && next.equals(last)) {
        return next.map(Reading::kills);
      }
      last = next;
    }
    return Optional.empty();
  }

  private static boolean many(Path pod) {
    int count = 0;
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(pod, Files::isDirectory)) {
      for (var each = folders.iterator(); each.hasNext() && count <= MOST; each.next()) {
        count++;
      }
    } catch (IOException | DirectoryIteratorException _) { // the readings see it too
      return false;
    }
    return count > MOST;
  }

  private static Optional<Reading> reading(Path pod) {
    var children = new HashMap<String, Long>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(pod, Files::isDirectory)) {
      for (Path child : folders) {
        children.put(child.getFileName().toString(), count(child));
      }
      return Optional.of(new Reading(Map.copyOf(children), count(pod)));
    } catch (NoSuchFileException | NotDirectoryException _) {
      return Files.exists(pod) ? Optional.empty() : Optional.of(new Reading(Map.of(), 0));
    } catch (IOException | DirectoryIteratorException _) { // one goes right now
      return Optional.empty();
    }
  }

  private static long count(Path cgroup) throws IOException {
    return MemoryEvents.parse(Files.readString(cgroup.resolve(EVENTS))).oomKill();
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
