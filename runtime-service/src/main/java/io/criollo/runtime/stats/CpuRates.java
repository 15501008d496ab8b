// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.stats;

import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The rate of CPU use between two questions about the same container. Thread-safe.
final class CpuRates {
  private static final double SECOND = 1e9;
  private static final long SHORTEST = 50_000_000;

  private final ConcurrentHashMap<String, Sample> last = new ConcurrentHashMap<>();

  private record Sample(long at, long used, OptionalLong rate) {}

  /// Takes a reading. One that follows too closely changes nothing: several clients ask at once.
  ///
  /// @param at `System.nanoTime` of the reading
  /// @param used CPU time since the container's start, in ns
  /// @return nanoseconds of CPU per second since the reading before, empty for the first one
  OptionalLong rate(String id, long at, long used) {
    return last.merge(id, new Sample(at, used, OptionalLong.empty()), CpuRates::next).rate();
  }

  private static Sample next(Sample before, Sample now) {
    long time = now.at - before.at;
    if (time < SHORTEST) {
      return before;
    }
    long rate = Math.max(0, Math.round((now.used - before.used) * SECOND / time));
    return new Sample(now.at, now.used, OptionalLong.of(rate));
  }

  /// Forgets every container but these.
  void keep(Set<String> ids) {
    last.keySet().retainAll(ids);
  }
}
