// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/// How long operations took, by name, in the order in which they first came. Thread-safe.
final class Samples {
  private static final double NANOS_PER_MILLI = 1e6;

  private final Map<String, List<Double>> millis = new LinkedHashMap<>();
  private volatile String mark = "";

  /// Ends the names of all operations that are timed from now on.
  void mark(String text) {
    mark = text;
  }

  <T> T time(String operation, Callable<T> work) throws Exception {
    long begin = System.nanoTime();
    T result = work.call();
    add(operation + mark, (System.nanoTime() - begin) / NANOS_PER_MILLI);
    return result;
  }

  synchronized void add(String operation, double value) {
    millis.computeIfAbsent(operation, _ -> new ArrayList<>()).add(value);
  }

  synchronized List<String> inOrder() {
    return List.copyOf(millis.keySet());
  }

  /// {@return the value that so much of all values is not above; NaN without any}
  ///
  /// @param part 0.5 for the median, 0.95 for p95
  synchronized double quantile(String operation, double part) {
    var sorted = millis.getOrDefault(operation, List.of()).stream().sorted().toList();
    if (sorted.isEmpty()) {
      return Double.NaN;
    }
    int index = (int) Math.ceil(part * sorted.size()) - 1;
    return sorted.get(Math.clamp(index, 0, sorted.size() - 1));
  }
}
