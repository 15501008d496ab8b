// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.sandbox;

import io.criollo.cri.v1.LinuxContainerResources;
import io.criollo.cri.v1.LinuxPodSandboxConfig;
import io.criollo.runtime.spec.NodeFacts;
import io.criollo.runtime.spec.ResourceUpdate;
import io.criollo.runtime.state.Refusal;
import java.util.Map;

/// Limits of a whole pod: those of its containers together, and what the runtime itself needs on
/// top (the overhead of a RuntimeClass).
final class PodLimits {
  private static final String FIELD = "config.linux.resources.";
  private static final long USUAL_PERIOD = 100_000;

  private PodLimits() {}

  /// {@return the cgroup files that stand for them}
  static Map<String, String> files(LinuxPodSandboxConfig config, NodeFacts node) {
    ResourceUpdate.files("config.linux.overhead.", config.getOverhead(), node);
    ResourceUpdate.files(FIELD, config.getResources(), node);
    return ResourceUpdate.files(FIELD, sum(config.getResources(), config.getOverhead()), node);
  }

  /// A limit that the containers do not have gets none by the overhead.
  private static LinuxContainerResources sum(
      LinuxContainerResources containers, LinuxContainerResources overhead) {
    var sum = containers.toBuilder();
    long memory = containers.getMemoryLimitInBytes();
    if (memory > 0) {
      sum.setMemoryLimitInBytes(add(memory, overhead.getMemoryLimitInBytes()));
      long swap = containers.getMemorySwapLimitInBytes();
      if (swap > 0) {
        sum.setMemorySwapLimitInBytes(add(swap, overhead.getMemoryLimitInBytes()));
      }
    }
    if (containers.getCpuQuota() > 0) {
      sum.setCpuQuota(add(containers.getCpuQuota(), quota(overhead, period(containers))));
    }
    if (containers.getCpuShares() > 0) {
      sum.setCpuShares(Math.min(262_144, add(containers.getCpuShares(), overhead.getCpuShares())));
    }
    return sum.build();
  }

  private static long quota(LinuxContainerResources limits, long period) {
    return Math.max(0, limits.getCpuQuota()) / period(limits) * period
        + Math.max(0, limits.getCpuQuota()) % period(limits) * period / period(limits);
  }

  private static long period(LinuxContainerResources limits) {
    return limits.getCpuPeriod() == 0 ? USUAL_PERIOD : limits.getCpuPeriod();
  }

  private static long add(long a, long b) {
    try {
      return Math.addExact(a, Math.max(0, b));
    } catch (ArithmeticException _) {
      throw new Refusal.InvalidArgument("config.linux.overhead", b, "is too large");
    }
  }
}
