// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.runtime.spec.OciResources.Cpu;
import io.criollo.runtime.spec.OciResources.HugepageLimit;
import io.criollo.runtime.spec.OciResources.Memory;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Limits as files of a cgroup v2, as the OCI runtimes write them when they make a container.
final class CgroupFiles {
  private static final String USUAL_PERIOD = "100000";

  private final Map<String, String> files = new LinkedHashMap<>();

  private CgroupFiles() {}

  /// {@return names and values, only of limits that are given}
  static Map<String, String> of(OciResources limits) {
    var all = new CgroupFiles();
    all.cpu(limits.cpu());
    all.memory(limits.memory());
    limits.hugepageLimits().forEach(all::hugepages);
    all.files.putAll(limits.unified());
    return all.files;
  }

  private void cpu(@Nullable Cpu cpu) {
    if (cpu == null) {
      return;
    }
    var quota = cpu.quota();
    var period = cpu.period();
    if (quota != null || period != null) {
      files.put(
          "cpu.max",
          (quota == null ? "max" : orMax(quota)) + " " + (period == null ? USUAL_PERIOD : period));
    }
    put("cpuset.cpus", cpu.cpus());
    put("cpuset.mems", cpu.mems());
  }

  private void memory(@Nullable Memory memory) {
    var limit = memory == null ? null : memory.limit();
    if (memory == null || limit == null) {
      return;
    }
    var swap = memory.swap();
    if (swap != null) {
      files.put("memory.swap.max", orMax(swap < 0 ? swap : (Long) (swap - limit)));
    }
    files.put("memory.max", orMax(limit));
  }

  private void hugepages(HugepageLimit limit) {
    files.put("hugetlb." + limit.pageSize() + ".max", Long.toString(limit.limit()));
    files.put("hugetlb." + limit.pageSize() + ".rsvd.max", Long.toString(limit.limit()));
  }

  private void put(String file, @Nullable String value) {
    if (value != null) {
      files.put(file, value);
    }
  }

  private static String orMax(Long value) {
    return value < 0 ? "max" : Long.toString(value);
  }
}
