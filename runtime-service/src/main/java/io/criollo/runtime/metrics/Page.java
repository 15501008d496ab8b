// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.metrics;

import java.util.Set;
import java.util.function.Consumer;

/// An answer in Prometheus' text format, version 0.0.4. For one thread.
public final class Page {
  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";
  private static final double LARGEST_WHOLE = 1L << 53;

  private final Set<Collector> shown;
  private final StringBuilder text = new StringBuilder();

  public Page(Set<Collector> shown) {
    this.shown = shown;
  }

  /// Writes a metric, if it is wanted.
  void show(Collector collector, Consumer<Series> series) {
    if (shown.contains(collector)) {
      metric(collector.metric(), collector.type(), collector.help(), series);
    }
  }

  /// Writes a metric that is always wanted.
  void metric(String name, String type, String help, Consumer<Series> series) {
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    series.accept(new Series(name));
  }

  /// The series of one metric. Labels are names and values in turn; no two series have the same.
  final class Series {
    private final String name;

    private Series(String name) {
      this.name = name;
    }

    void value(double value, String... labels) {
      line("", number(value), labels);
    }

    void value(long value, String... labels) {
      line("", Long.toString(value), labels);
    }

    void histogram(Histogram histogram, String... labels) {
      long below = 0;
      var bounds = histogram.bounds();
      for (int i = 0; i <= bounds.length; i++) {
        below += histogram.count(i);
        var bound = i < bounds.length ? number(bounds[i]) : "+Inf";
        var withBound = new String[labels.length + 2];
        System.arraycopy(labels, 0, withBound, 0, labels.length);
        withBound[labels.length] = "le";
        withBound[labels.length + 1] = bound;
        line("_bucket", Long.toString(below), withBound);
      }
      line("_sum", number(histogram.sum()), labels);
      line("_count", Long.toString(below), labels);
    }

    private void line(String suffix, String value, String... labels) {
      text.append(name).append(suffix);
      for (int i = 0; i < labels.length; i += 2) {
        text.append(i == 0 ? '{' : ',').append(labels[i]).append("=\"");
        text.append(escaped(labels[i + 1])).append('"');
      }
      text.append(labels.length > 0 ? "} " : " ").append(value).append('\n');
    }
  }

  private static String escaped(String label) {
    return label.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < LARGEST_WHOLE
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
