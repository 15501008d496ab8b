// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.stats.metrics;

import io.criollo.cri.v1.LinuxContainerResources;
import io.criollo.runtime.state.ContainerRecord;
import io.criollo.runtime.state.ContainerState;
import java.time.Instant;

/// What a container was promised, and since when it is there.
final class SpecMetrics {
  /// Above this cAdvisor takes a limit for none.
  private static final long UNLIMITED = 1L << 62;

  private static final long USUAL_PERIOD = 100_000;

  private SpecMetrics() {}

  static void addTo(MetricList list, ContainerRecord container) {
    var limits = container.config().getLinux().getResources();
    list.add(MetricName.SPEC_CPU_SHARES, limits.getCpuShares());
    list.add(
        MetricName.SPEC_CPU_PERIOD,
        limits.getCpuPeriod() == 0 ? USUAL_PERIOD : limits.getCpuPeriod());
    if (limits.getCpuQuota() > 0) {
      list.add(MetricName.SPEC_CPU_QUOTA, limits.getCpuQuota());
    }
    list.add(MetricName.SPEC_MEMORY_LIMIT_BYTES, orNone(limits.getMemoryLimitInBytes()));
    list.add(MetricName.SPEC_MEMORY_SWAP_LIMIT_BYTES, orNone(swap(limits)));
    list.add(MetricName.SPEC_MEMORY_RESERVATION_BYTES, reservation(limits));
    list.add(MetricName.START_TIME_SECONDS, started(container).getEpochSecond());
    list.add(MetricName.LAST_SEEN, Instant.now().getEpochSecond());
  }

  /// Without a word about it a container with a memory limit has no swap.
  private static long swap(LinuxContainerResources limits) {
    return limits.getMemorySwapLimitInBytes() == 0
        ? limits.getMemoryLimitInBytes()
        : limits.getMemorySwapLimitInBytes();
  }

  private static long reservation(LinuxContainerResources limits) {
    var given = limits.getUnifiedMap().getOrDefault("memory.min", "0");
    return given.matches("\\d{1,18}") ? orNone(Long.parseLong(given)) : 0;
  }

  private static long orNone(long limit) {
    return limit < 0 || limit > UNLIMITED ? 0 : limit;
  }

  private static Instant started(ContainerRecord container) {
    return switch (container.state()) {
      case ContainerState.Running(_, var at) -> at;
      case ContainerState.Created _, ContainerState.Exited _, ContainerState.Lost _ ->
          container.createdAt();
    };
  }
}
