// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.sandbox;

import io.criollo.runtime.state.PodId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/// Which pods are in which cgroups, so that one that was made for several goes with the last of
/// them. Not thread-safe.
final class CgroupUsers {
  private final Map<PodId, PodCgroup> users = new HashMap<>();
  private final Map<PodId, String> leaving = new HashMap<>();

  /// A pod's cgroup.
  ///
  /// @param own the highest cgroup on the path that was made here, or empty
  record PodCgroup(String path, String own) {}

  /// Notes a pod. What was made for another one above it is the new one's too.
  ///
  /// @param missing the highest cgroup on the path that does not exist, or empty
  PodCgroup add(PodId id, String path, String missing) {
    var own =
        Stream.concat(users.values().stream().map(PodCgroup::own), Stream.of(missing))
            .filter(one -> !one.isEmpty() && isWithin(path, one))
            .min(Comparator.comparingInt(String::length))
            .orElse("");
    var cgroup = new PodCgroup(path, own);
    users.put(id, cgroup);
    return cgroup;
  }

  /// {@return whether the cgroup is being removed, or one above it}
  boolean isGoing(String path) {
    return leaving.values().stream().anyMatch(top -> !top.isEmpty() && isWithin(path, top));
  }

  /// From now on the pod does not need its cgroup.
  ///
  /// @return the highest cgroup that has to go with it, or empty
  String leave(PodId id) {
    var unused = unused(id);
    leaving.put(id, unused);
    return unused;
  }

  /// What [#leave] told has gone, or could not: then the pod still has it.
  void settle(PodId id, boolean gone) {
    leaving.remove(id);
    if (gone) {
      users.remove(id);
    }
  }

  private String unused(PodId id) {
    var pod = users.get(id);
    if (pod == null || pod.own.isEmpty()) {
      return "";
    }
    for (int end = pod.own.length(); end > 0; end = nextPart(pod.path, end)) {
      var top = pod.path.substring(0, end);
      if (!isUsedByOthers(id, top)) {
        return top;
      }
    }
    return "";
  }

  private static int nextPart(String path, int end) {
    if (end == path.length()) {
      return -1;
    }
    int slash = path.indexOf('/', end + 1);
    return slash < 0 ? path.length() : slash;
  }

  private boolean isUsedByOthers(PodId id, String top) {
    return users.entrySet().stream()
        .filter(other -> !other.getKey().equals(id) && !leaving.containsKey(other.getKey()))
        .anyMatch(other -> isWithin(other.getValue().path, top));
  }

  private static boolean isWithin(String path, String top) {
    return path.equals(top) || path.startsWith(top + "/");
  }
}
