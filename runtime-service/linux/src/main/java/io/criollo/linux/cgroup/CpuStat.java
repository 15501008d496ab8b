// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux.cgroup;

import io.criollo.linux.LinuxException;

/// `cpu.stat`; times in microseconds. Without a cpu controller the throttling counts are 0.
public record CpuStat(
    long usageMicros,
    long userMicros,
    long systemMicros,
    long periods,
    long throttledPeriods,
    long throttledMicros) {
  public static CpuStat parse(String content) throws LinuxException {
    var values = FlatKeyed.parse("cpu.stat", content);
    return new CpuStat(
        values.getOrDefault("usage_usec", 0L),
        values.getOrDefault("user_usec", 0L),
        values.getOrDefault("system_usec", 0L),
        values.getOrDefault("nr_periods", 0L),
        values.getOrDefault("nr_throttled", 0L),
        values.getOrDefault("throttled_usec", 0L));
  }
}
