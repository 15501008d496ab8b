// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.metrics;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;

/// Counts calls by their names, of which there are as many as the API has. Thread-safe.
public final class Operations implements Source {
  private static final String OPERATION = "operation";

  private final Map<String, Calls> calls = new ConcurrentHashMap<>();

  private static final class Calls {
    private final LongAdder begun = new LongAdder();
    private final Map<String, LongAdder> failed = new ConcurrentHashMap<>();
    private final Histogram seconds = Histogram.ofSeconds();
    private volatile double last;
  }

  public void began(String operation) {
    of(operation).begun.increment();
  }

  /// One has failed.
  ///
  /// @param code gRPC's name of the reason
  public void failed(String operation, String code) {
    of(operation).failed.computeIfAbsent(code, _ -> new LongAdder()).increment();
  }

  /// One with one answer, whose time says something, has ended.
  public void took(String operation, long nanos) {
    var seconds = Histogram.seconds(nanos);
    of(operation).seconds.add(seconds);
    of(operation).last = seconds;
  }

  private Calls of(String operation) {
    return calls.computeIfAbsent(operation, _ -> new Calls());
  }

  @Override
  public void write(Page page) {
    page.show(
        Collector.OPERATIONS_TOTAL,
        series -> each((name, of) -> series.value(of.begun.sum(), OPERATION, name)));
    page.show(
        Collector.OPERATIONS_ERRORS_TOTAL,
        series ->
            each((name, of) ->
                of.failed.forEach(
                    (code, count) -> series.value(count.sum(), OPERATION, name, "code", code))));
    page.show(
        Collector.OPERATIONS_LATENCY_SECONDS,
        series -> ended((name, of) -> series.value(of.last, OPERATION, name)));
    page.show(
        Collector.OPERATIONS_LATENCY_SECONDS_TOTAL,
        series -> ended((name, of) -> series.histogram(of.seconds, OPERATION, name)));
  }

  private void each(BiConsumer<String, Calls> visit) {
    calls.forEach(visit);
  }

  private void ended(BiConsumer<String, Calls> visit) {
    calls.forEach((name, of) -> {
      if (of.last > 0) {
        visit.accept(name, of);
      }
    });
  }
}
