// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.stats.metrics;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What an operator may leave out of the metrics of pods, by CRI-O's names (crio.conf(5),
/// included_pod_metrics). A metric of no group is always there.
public enum MetricGroup {
  CPU("cpu", "cpu_"),
  DISK("disk", "fs_(inodes|limit|usage)_"),
  DISK_IO("diskIO", "(fs_(reads|writes)|blkio)_"),
  HUGETLB("hugetlb", "hugetlb_"),
  MEMORY("memory", "memory_"),
  NETWORK("network", "network_"),
  OOM("oom", "oom_"),
  PRESSURE("pressure", "pressure_"),
  PROCESS("process", "(file_descriptors|processes|sockets|threads|ulimits)"),
  SPEC("spec", "(spec|start_time)_");

  private static final String ALL = "all";

  private final String text;
  private final Pattern names;

  MetricGroup(String text, String names) {
    this.text = text;
    this.names = Pattern.compile("container_" + names + ".*");
  }

  /// {@return the groups of a name}
  ///
  /// @throws IllegalArgumentException when it is none
  public static Set<MetricGroup> parse(String text) {
    if (text.equals(ALL)) {
      return EnumSet.allOf(MetricGroup.class);
    }
    return Arrays.stream(values())
        .filter(group -> group.text.equals(text))
        .findFirst()
        .map(EnumSet::of)
        .orElseThrow(
            () -> new IllegalArgumentException("must be of all, " + names() + ", has " + text));
  }

  private static String names() {
    return Arrays.stream(values()).map(group -> group.text).collect(Collectors.joining(", "));
  }

  /// {@return the metrics of these groups, and those of none}
  static Set<MetricName> metrics(Collection<MetricGroup> groups) {
    var metrics = EnumSet.noneOf(MetricName.class);
    for (var metric : MetricName.values()) {
      if (of(metric).map(groups::contains).orElse(true)) {
        metrics.add(metric);
      }
    }
    return metrics;
  }

  private static Optional<MetricGroup> of(MetricName metric) {
    return Arrays.stream(values())
        .filter(group -> group.names.matcher(metric.text()).matches())
        .findFirst();
  }
}
