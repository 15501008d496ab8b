// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.cri.v1.LinuxContainerResources;
import io.criollo.runtime.spec.OciResources.Cpu;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Files of cgroup v2 by name. Only those of a controller: `cgroup.procs` and the like move
/// processes.
final class UnifiedPart {
  private static final Pattern KEY =
      Pattern.compile("(cpu|cpuset|hugetlb|io|memory|misc|pids|rdma)(\\.[A-Za-z0-9_]{1,32}){1,4}");
  private static final int LONGEST_VALUE = 4096;

  private UnifiedPart() {}

  /// Shares become a weight here and not in the OCI runtime, whose versions differ in it: a later
  /// update must come to the same number. What the request itself says wins.
  static Map<String, String> of(String field, LinuxContainerResources limits, @Nullable Cpu cpu) {
    limits.getUnifiedMap().forEach((key, value) -> check(field + "unified", key, value));
    var shares = cpu == null ? null : cpu.shares();
    if (shares == null) {
      return limits.getUnifiedMap();
    }
    var all = new TreeMap<>(Map.of(CpuWeight.FILE, CpuWeight.ofShares(shares)));
    all.putAll(limits.getUnifiedMap());
    return all;
  }

  static void check(String field, String key, String value) {
    Check.that(KEY.matcher(key).matches(), field, key, "must be a file of a cgroup v2 controller");
    Check.that(value.length() <= LONGEST_VALUE, field + "." + key, value, "must be at most 4 KiB");
    Check.that(
        value.chars().noneMatch(c -> Character.isISOControl(c) && c != '\n'),
        field + "." + key,
        value,
        "must not contain control characters");
  }
}
