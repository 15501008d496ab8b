// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Limits of the container's cgroup.
///
/// @param unified names and values of cgroup v2 files
public record OciResources(
    List<DeviceRule> devices,
    @Nullable Memory memory,
    @Nullable Cpu cpu,
    @Nullable Pids pids,
    List<HugepageLimit> hugepageLimits,
    Map<String, String> unified) {
  public OciResources {
    devices = OciJson.present(devices);
    hugepageLimits = OciJson.present(hugepageLimits);
    unified = OciJson.present(unified);
  }

  /// One line of the device allow list; later ones win. Absent numbers stand for all.
  ///
  /// @param type "a", "b" or "c"
  /// @param access of "r", "w" and "m"
  public record DeviceRule(
      boolean allow,
      @Nullable String type,
      @Nullable Integer major,
      @Nullable Integer minor,
      String access) {}

  /// Bytes; -1: no limit.
  ///
  /// @param swap memory and swap together
  public record Memory(@Nullable Long limit, @Nullable Long swap) {}

  /// Shares of CPU time, and where it may be spent.
  ///
  /// @param quota microseconds per period; -1: no limit
  /// @param period microseconds
  public record Cpu(
      @Nullable Long shares,
      @Nullable Long quota,
      @Nullable Long period,
      @Nullable String cpus,
      @Nullable String mems) {}

  /// Processes and threads.
  public record Pids(long limit) {}

  /// A limit for one size of huge pages.
  ///
  /// @param pageSize such as "2MB"
  /// @param limit bytes
  public record HugepageLimit(String pageSize, long limit) {}
}
