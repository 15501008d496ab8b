// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.metrics;

import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/// How many values there were, by size. Thread-safe.
final class Histogram {
  private static final double NANOS = 1e9;

  private final double[] bounds;
  private final LongAdder[] counts;
  private final DoubleAdder sum = new DoubleAdder();

  private Histogram(double... bounds) {
    this.bounds = bounds;
    this.counts =
        Stream.generate(LongAdder::new).limit(bounds.length + 1L).toArray(LongAdder[]::new);
  }

  /// From what a list takes to what a large pull takes.
  static Histogram ofSeconds() {
    return new Histogram(0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900);
  }

  /// CRI-O's bounds for layers.
  static Histogram ofBytes() {
    return new Histogram(1e3, 1e6, 1e7, 5e7, 1e8, 2e8, 3e8, 4e8, 5e8, 1e9, 1e10);
  }

  static double seconds(long nanos) {
    return nanos / NANOS;
  }

  void add(double value) {
    int at = 0;
    while (at < bounds.length && value > bounds[at]) {
      at++;
    }
    counts[at].increment();
    sum.add(value);
  }

  double[] bounds() {
    return bounds.clone();
  }

  /// {@return the values up to a bound and above the one before it; after the last: all others}
  long count(int at) {
    return counts[at].sum();
  }

  double sum() {
    return sum.sum();
  }
}
