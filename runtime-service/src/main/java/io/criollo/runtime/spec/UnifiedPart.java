// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import io.criollo.cri.v1.LinuxContainerResources;
import java.util.Map;
import java.util.regex.Pattern;

/// Files of cgroup v2 by name. Only those of a controller: `cgroup.procs` and the like move
/// processes.
final class UnifiedPart {
  private static final String FIELD = "config.linux.resources.unified";
  private static final Pattern KEY =
      Pattern.compile("(cpu|cpuset|hugetlb|io|memory|misc|pids|rdma)(\\.[A-Za-z0-9_]{1,32}){1,4}");
  private static final int LONGEST_VALUE = 4096;

  private UnifiedPart() {}

  static Map<String, String> of(LinuxContainerResources limits) {
    limits.getUnifiedMap().forEach(UnifiedPart::check);
    return limits.getUnifiedMap();
  }

  private static void check(String key, String value) {
    Check.that(KEY.matcher(key).matches(), FIELD, key, "must be a file of a cgroup v2 controller");
    Check.that(value.length() <= LONGEST_VALUE, FIELD + "." + key, value, "must be at most 4 KiB");
    Check.that(
        value.chars().noneMatch(c -> Character.isISOControl(c) && c != '\n'),
        FIELD + "." + key,
        value,
        "must not contain control characters");
  }
}
