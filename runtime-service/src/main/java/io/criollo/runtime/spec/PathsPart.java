// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import java.util.List;
import java.util.TreeSet;

/// Paths of `/proc` and `/sys` that are hidden or read-only. The request's lists hold; an empty one
/// means "none", as a pod with the proc mount type Unmasked asks for. Without any security context
/// the defaults hold.
final class PathsPart {
  private static final String FIELD = "config.linux.security_context.";

  static final List<String> MASKED =
      List.of(
          "/proc/acpi",
          "/proc/asound",
          "/proc/interrupts",
          "/proc/kcore",
          "/proc/keys",
          "/proc/latency_stats",
          "/proc/sched_debug",
          "/proc/scsi",
          "/proc/timer_list",
          "/proc/timer_stats",
          "/sys/dev/block",
          "/sys/devices/virtual/powercap",
          "/sys/firmware",
          "/sys/fs/selinux");

  static final List<String> READONLY =
      List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

  private PathsPart() {}

  /// The request's list grows by the defaults, which know newer leaks than an old kubelet.
  static List<String> masked(SpecInput input) {
    if (input.privileged()) {
      return List.of();
    }
    if (!input.container().getLinux().hasSecurityContext()) {
      return MASKED;
    }
    var requested = input.security().getMaskedPathsList();
    var paths = new TreeSet<String>();
    requested.forEach(path -> paths.add(Check.absolutePath(FIELD + "masked_paths", path)));
    if (!paths.isEmpty()) {
      paths.addAll(MASKED);
    }
    return List.copyOf(paths);
  }

  static List<String> readonly(SpecInput input) {
    if (input.privileged()) {
      return List.of();
    }
    if (!input.container().getLinux().hasSecurityContext()) {
      return READONLY;
    }
    return input.security().getReadonlyPathsList().stream()
        .map(path -> Check.absolutePath(FIELD + "readonly_paths", path))
        .distinct()
        .sorted()
        .toList();
  }
}
