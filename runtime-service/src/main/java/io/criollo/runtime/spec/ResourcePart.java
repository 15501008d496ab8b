// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.cri.v1.LinuxContainerResources;
import io.criollo.runtime.spec.NodeFacts.Feature;
import io.criollo.runtime.spec.OciResources.Cpu;
import io.criollo.runtime.spec.OciResources.DeviceRule;
import io.criollo.runtime.spec.OciResources.Memory;
import io.criollo.runtime.spec.OciResources.Pids;
import io.criollo.runtime.state.Refusal;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Limits of a container; 0 and empty stand for "none given".
final class ResourcePart {
  static final String FIELD = "config.linux.resources.";

  private static final long UNLIMITED = -1;

  /// Microseconds; the kernel refuses more (kernel/sched/core.c, max_cfs_runtime).
  private static final long LONGEST_QUOTA = (1L << 44) - 1;

  private static final Cpu NO_CPU_LIMIT = new Cpu(null, null, null, null, null);

  private ResourcePart() {}

  static OciResources of(LinuxContainerResources limits, List<DeviceRule> devices, NodeFacts node) {
    return of(FIELD, limits, devices, node);
  }

  /// @param field what messages put before the name of a limit
  static OciResources of(
      String field, LinuxContainerResources limits, List<DeviceRule> devices, NodeFacts node) {
    var cpu = cpu(field, limits, node);
    return new OciResources(
        devices,
        memory(field, limits, node),
        cpu,
        pids(node.defaults().processes().mostPids()),
        HugepagePart.of(field, limits, node),
        UnifiedPart.of(field, limits, cpu));
  }

  private static @Nullable Pids pids(long most) {
    return most > 0 ? new Pids(most) : null;
  }

  private static @Nullable Cpu cpu(String field, LinuxContainerResources limits, NodeFacts node) {
    var shares = bounded(field + "cpu_shares", limits.getCpuShares(), 2, 262_144);
    var period = bounded(field + "cpu_period", limits.getCpuPeriod(), 1000, 1_000_000);
    var quota = quota(field, limits.getCpuQuota());
    var cpus =
        among(
            node.onlineCpus(),
            "the node's CPUs are",
            field + "cpuset_cpus",
            limits.getCpusetCpus());
    var mems =
        among(
            node.memoryNodes(),
            "the memory nodes are",
            field + "cpuset_mems",
            limits.getCpusetMems());
    var cpu = new Cpu(shares, quota, period, given(cpus), given(mems));
    return cpu.equals(NO_CPU_LIMIT) ? null : cpu;
  }

  private static @Nullable String given(String text) {
    return text.isEmpty() ? null : text;
  }

  private static @Nullable Long bounded(String field, long value, long low, long high) {
    return value == 0 ? null : (Long) Check.range(field, value, low, high);
  }

  private static @Nullable Long quota(String field, long value) {
    if (value == 0) {
      return null;
    }
    Check.that(
        value == UNLIMITED || (value >= 1000 && value <= LONGEST_QUOTA),
        field + "cpu_quota",
        value,
        "must be -1 or 1000 to " + LONGEST_QUOTA + " microseconds");
    return value;
  }

  /// @param thereAre how a refusal says which there are
  private static String among(Supplier<CpuList> all, String thereAre, String field, String text) {
    if (text.isEmpty()) {
      return text;
    }
    var wanted = CpuList.parse(field, text);
    var there = all.get();
    if (!there.contains(wanted)) {
      throw new Refusal.FailedPrecondition(
          field + " " + text + ": " + thereAre + " " + there.text());
    }
    return wanted.text();
  }

  private static void requireNoSwapLimit(String field, long swap) {
    Check.that(
        swap == 0 || swap == UNLIMITED,
        field + "memory_swap_limit_in_bytes",
        swap,
        "must be 0 or -1 without a memory limit");
  }

  /// Without a limit for swap the container gets none.
  private static @Nullable Memory memory(
      String field, LinuxContainerResources limits, NodeFacts node) {
    long limit = limits.getMemoryLimitInBytes();
    long swap = limits.getMemorySwapLimitInBytes();
    if (limit == 0) {
      requireNoSwapLimit(field, swap);
      return null;
    }
    if (limit == UNLIMITED) {
      requireNoSwapLimit(field, swap);
      return new Memory(UNLIMITED, node.has(Feature.SWAP_LIMIT) ? UNLIMITED : null);
    }
    Check.that(
        limit >= node.minimumMemory(),
        field + "memory_limit_in_bytes",
        limit,
        "must be at least " + node.minimumMemory() + ", or 0 or -1 for none");
    Check.that(
        swap == 0 || swap == UNLIMITED || swap >= limit,
        field + "memory_swap_limit_in_bytes",
        swap,
        "must be 0, -1 or at least the memory limit " + limit);
    if (!node.has(Feature.SWAP_LIMIT)) {
      return new Memory(limit, null);
    }
    return new Memory(limit, swap == 0 ? (Long) limit : (Long) swap);
  }
}
