// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.metrics;

import io.criollo.image.PullObserver;
import io.criollo.image.PullStatus;
import io.criollo.image.PullStatus.LayerStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/// What became of pulls, and how far those are that are under way: their series go when they end.
/// Thread-safe.
public final class PullCounts implements PullObserver, Source {
  private static final String IMAGE = "image";
  private static final String LAYER = "layer";

  private final Supplier<List<PullStatus>> underWay;
  private final LongAdder bytes = new LongAdder();
  private final LongAdder reusedBytes = new LongAdder();
  private final LongAdder reusedLayers = new LongAdder();
  private final LongAdder succeeded = new LongAdder();
  private final Map<String, LongAdder> failures = new ConcurrentHashMap<>();
  private final Histogram layers = Histogram.ofBytes();
  private final Histogram seconds = Histogram.ofSeconds();

  public PullCounts(Supplier<List<PullStatus>> underWay) {
    this.underWay = underWay;
  }

  @Override
  public void fetched(int count) {
    bytes.add(count);
  }

  @Override
  public void layer(long size) {
    layers.add((double) size);
  }

  @Override
  public void reused(long size) {
    reusedLayers.increment();
    reusedBytes.add(size);
  }

  @Override
  public void pulled(Duration took) {
    succeeded.increment();
    seconds.add(Histogram.seconds(took.toNanos()));
  }

  @Override
  public void failed(String why) {
    failures.computeIfAbsent(why, _ -> new LongAdder()).increment();
  }

  @Override
  public void write(Page page) {
    page.show(Collector.IMAGE_PULLS_LAYER_SIZE, series -> series.histogram(layers));
    page.show(Collector.IMAGE_PULLS_BYTES_TOTAL, series -> series.value(bytes.sum()));
    page.show(Collector.IMAGE_PULLS_SKIPPED_BYTES_TOTAL, series -> series.value(reusedBytes.sum()));
    page.show(Collector.IMAGE_LAYER_REUSE_TOTAL, series -> series.value(reusedLayers.sum()));
    page.show(Collector.IMAGE_PULLS_SUCCESS_TOTAL, series -> series.value(succeeded.sum()));
    page.show(
        Collector.IMAGE_PULLS_FAILURE_TOTAL,
        series -> failures.forEach((why, count) -> series.value(count.sum(), "error", why)));
    page.show(Collector.IMAGE_PULLS_SECONDS, series -> series.histogram(seconds));
    progress(page, underWay.get());
  }

  /// Two pulls of one image, with credentials of their own, share its layers: they are one series.
  private static void progress(Page page, List<PullStatus> pulls) {
    var rates = new HashMap<String, Long>();
    var ofLayers = new HashMap<List<String>, LayerStatus>();
    for (var pull : pulls) {
      rates.merge(pull.reference(), pull.bytesPerSecond(), Math::max);
      for (var layer : pull.layers()) {
        ofLayers.put(List.of(pull.reference(), layer.digest().toString()), layer);
      }
    }
    page.show(Collector.IMAGE_PULLS_IN_PROGRESS, series -> series.value(pulls.size()));
    page.show(
        Collector.IMAGE_PULL_BYTES_PER_SECOND,
        series -> rates.forEach((image, rate) -> series.value(rate, IMAGE, image)));
    page.show(
        Collector.IMAGE_PULL_LAYER_BYTES,
        series ->
            ofLayers.forEach((of, layer) ->
                series.value(
                    layer.here(), IMAGE, of.get(0), LAYER, of.get(1), "source", layer.from())));
    page.show(
        Collector.IMAGE_PULL_LAYER_SIZE_BYTES,
        series ->
            ofLayers.forEach(
                (of, layer) -> series.value(layer.size(), IMAGE, of.get(0), LAYER, of.get(1))));
  }
}
