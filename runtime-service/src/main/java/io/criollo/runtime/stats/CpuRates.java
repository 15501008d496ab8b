// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.stats;

import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The rate of CPU use between two questions about the same container. Thread-safe.
final class CpuRates {
  private static final double SECOND = 1e9;

  private final ConcurrentHashMap<String, Sample> last = new ConcurrentHashMap<>();

  private record Sample(long at, long used) {}

  /// Takes a reading.
  ///
  /// @param at `System.nanoTime` of the reading
  /// @param used CPU time since the container's start, in ns
  /// @return nanoseconds of CPU per second since the reading before, empty for the first one
  OptionalLong rate(String id, long at, long used) {
    var before = last.put(id, new Sample(at, used));
    if (before == null || at - before.at <= 0) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(
        Math.max(0, Math.round((used - before.used) * SECOND / (at - before.at))));
  }

  /// Forgets every container but these.
  void keep(Set<String> ids) {
    last.keySet().retainAll(ids);
  }
}
