// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.image.PullStatus;
import io.criollo.image.PullStatus.LayerStatus;
import io.criollo.image.PullStatus.Phase;
import io.criollo.image.reference.Digest;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageTest {
  private static final Digest LAYER = Digest.ofSha256(new byte[] {1});

  private final Page page = new Page(EnumSet.allOf(Collector.class));

  @Test
  void aMetricHasItsHelpItsTypeAndItsSeries() {
    page.show(
        Collector.PODS,
        series -> {
          series.value(3, "state", "ready");
          series.value(0.25);
        });

    assertThat(page)
        .hasToString(
            """
            # HELP criollo_pods Pods, by state.
            # TYPE criollo_pods gauge
            criollo_pods{state="ready"} 3
            criollo_pods 0.25
            """);
  }

  @Test
  void labelsThatHoldQuotesBackslashesAndLinesAreEscaped() {
    page.metric("a", "gauge", "A.", series -> series.value(1, "x", "q\"b\\n\n", "y", "ünï"));

    assertThat(page.toString()).endsWith("a{x=\"q\\\"b\\\\n\\n\",y=\"ünï\"} 1\n");
  }

  @Test
  void numbersAreWholeWhereTheyCanBe() {
    page.metric(
        "a",
        "gauge",
        "A.",
        series -> {
          series.value(Long.MAX_VALUE);
          series.value(1.5e9);
          series.value(1e-5);
          series.value(-0.5);
        });

    assertThat(page.toString().lines().skip(2))
        .containsExactly("a 9223372036854775807", "a 1500000000", "a 1.0E-5", "a -0.5");
  }

  @Test
  void aHistogramCountsUpToEachBound() {
    var histogram = Histogram.ofBytes();
    for (var value : new double[] {10, 1000, 1001, 2e10}) {
      histogram.add(value);
    }
    page.metric("a", "histogram", "A.", series -> series.histogram(histogram, "x", "y"));

    assertThat(page.toString().lines())
        .contains(
            "a_bucket{x=\"y\",le=\"1000\"} 2",
            "a_bucket{x=\"y\",le=\"1000000\"} 3",
            "a_bucket{x=\"y\",le=\"10000000000\"} 3",
            "a_bucket{x=\"y\",le=\"+Inf\"} 4",
            "a_sum{x=\"y\"} 20000002011",
            "a_count{x=\"y\"} 4");
  }

  @Test
  void whatIsNotChosenIsNotShown() {
    var chosen = new Page(Set.of(Collector.IMAGE_PULLS_SUCCESS_TOTAL));
    new PullCounts(List::of).write(chosen);

    assertThat(chosen.toString().lines().filter(line -> !line.startsWith("#")))
        .containsExactly("criollo_image_pulls_success_total 0");
  }

  @Test
  void callsAreCountedByNameAndCode() {
    var operations = new Operations();
    operations.began("PullImage");
    operations.began("PullImage");
    operations.failed("PullImage", "NOT_FOUND");
    operations.took("PullImage", 2_000_000_000);
    operations.began("GetContainerEvents");
    operations.write(page);

    assertThat(page.toString().lines())
        .contains(
            "criollo_operations_total{operation=\"PullImage\"} 2",
            "criollo_operations_total{operation=\"GetContainerEvents\"} 1",
            "criollo_operations_errors_total{operation=\"PullImage\",code=\"NOT_FOUND\"} 1",
            "criollo_operations_latency_seconds{operation=\"PullImage\"} 2",
            "criollo_operations_latency_seconds_total_bucket{operation=\"PullImage\",le=\"1\"} 0",
            "criollo_operations_latency_seconds_total_bucket{operation=\"PullImage\",le=\"2.5\"} 1",
            "criollo_operations_latency_seconds_total_sum{operation=\"PullImage\"} 2")
        .noneMatch(line -> line.contains("latency") && line.contains("GetContainerEvents"));
  }

  @Test
  void pullsOfOneImageAreOneSeriesAndTheirTotalsStay() {
    var layer = new LayerStatus(LAYER, 100, 40, "mirror m.test", Phase.FETCHING);
    var since = Instant.EPOCH;
    var counts =
        new PullCounts(() ->
            List.of(
                new PullStatus("r.test/a:1", since, 7, List.of(layer)),
                new PullStatus("r.test/a:1", since, 9, List.of(layer))));
    counts.fetched(40);
    counts.layer(100);
    counts.reused(11);
    counts.pulled(Duration.ofMillis(1500));
    counts.failed("UNAUTHORIZED");
    counts.write(page);

    assertThat(page.toString().lines().filter(line -> !line.startsWith("#")))
        .doesNotHaveDuplicates()
        .contains(
            "criollo_image_pulls_in_progress 2",
            "criollo_image_pull_bytes_per_second{image=\"r.test/a:1\"} 9",
            "criollo_image_pull_layer_bytes{image=\"r.test/a:1\",layer=\"%s\",source=\"mirror m.test\"} 40"
                .formatted(LAYER),
            "criollo_image_pull_layer_size_bytes{image=\"r.test/a:1\",layer=\"%s\"} 100"
                .formatted(LAYER),
            "criollo_image_pulls_bytes_total 40",
            "criollo_image_pulls_skipped_bytes_total 11",
            "criollo_image_layer_reuse_total 1",
            "criollo_image_pulls_layer_size_sum 100",
            "criollo_image_pulls_success_total 1",
            "criollo_image_pulls_failure_total{error=\"UNAUTHORIZED\"} 1",
            "criollo_image_pulls_seconds_sum 1.5");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "operations_total",
        "crio_operations_total",
        "container_runtime_crio_operations_total",
        "criollo_operations_total"
      })
  void aCollectorIsKnownWithAllPrefixes(String name) {
    assertThat(Collector.parse(name)).contains(Collector.OPERATIONS_TOTAL);
  }

  @Test
  void whatOnlyCriOCountsIsKnownAndNothingElse() {
    assertThat(Collector.parse("crio_processes_defunct")).isEmpty();
    assertThatThrownBy(() -> Collector.parse("total"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has total, must be of operations_total, ");
  }
}
