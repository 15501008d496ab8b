// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.stats.metrics;

import io.criollo.cri.v1.Metric;
import io.criollo.cri.v1.UInt64Value;
import io.criollo.runtime.state.Times;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The metrics of one container or pod while they are read. For one thread.
final class MetricList {
  private static final long MICROS_PER_SECOND = 1_000_000;

  private final long timestamp = Times.nanos(Instant.now());
  private final List<String> labels;
  private final Set<MetricName> shown;
  private final List<Metric> metrics = new ArrayList<>();

  /// @param labels values of those that all metrics have
  /// @param shown metrics that are kept
  MetricList(List<String> labels, Set<MetricName> shown) {
    this.labels = List.copyOf(labels);
    this.shown = shown;
  }

  /// Adds a value, if its metric is shown.
  ///
  /// @param ownLabels values of the labels that only this metric has
  void add(MetricName name, long value, String... ownLabels) {
    if (ownLabels.length != name.ownLabels().size()) {
      throw new IllegalArgumentException(name.text() + " has labels " + name.ownLabels());
    }
    if (!shown.contains(name)) {
      return;
    }
    metrics.add(
        Metric.newBuilder()
            .setName(name.text())
            .setTimestamp(timestamp)
            .setMetricType(name.type())
            .addAllLabelValues(labels)
            .addAllLabelValues(List.of(ownLabels))
            .setValue(UInt64Value.newBuilder().setValue(value))
            .build());
  }

  void addMicros(MetricName name, long micros, String... ownLabels) {
    add(name, micros / MICROS_PER_SECOND, ownLabels);
  }

  List<Metric> all() {
    return metrics;
  }
}
