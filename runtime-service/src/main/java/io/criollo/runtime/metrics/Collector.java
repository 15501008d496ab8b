// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.metrics;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// A metric that may be chosen with `metrics_collectors`: first those that CRI-O has under the same
/// name, then our own.
public enum Collector {
  OPERATIONS_TOTAL("counter", "Calls that have begun."),
  OPERATIONS_ERRORS_TOTAL("counter", "Calls that have failed, by gRPC code."),
  OPERATIONS_LATENCY_SECONDS("gauge", "How long the last call with one answer took."),
  OPERATIONS_LATENCY_SECONDS_TOTAL("histogram", "How long calls with one answer took."),
  IMAGE_PULLS_LAYER_SIZE("histogram", "Bytes of each compressed layer that was fetched."),
  IMAGE_PULLS_BYTES_TOTAL("counter", "Bytes of layers that came from registries."),
  IMAGE_PULLS_SKIPPED_BYTES_TOTAL("counter", "Bytes of layers that were here before their pull."),
  IMAGE_PULLS_SUCCESS_TOTAL("counter", "Pulls that succeeded."),
  IMAGE_PULLS_FAILURE_TOTAL("counter", "Pulls that failed, by reason."),
  IMAGE_LAYER_REUSE_TOTAL("counter", "Layers that were here before their pull."),
  CONTAINERS_OOM_TOTAL("counter", "Containers that were killed because memory ran out."),
  DEFAULT_RUNTIME("gauge", "The OCI runtime of containers that choose none; always 1."),
  IMAGE_PULLS_SECONDS("histogram", "How long pulls took that succeeded."),
  IMAGE_PULLS_IN_PROGRESS("gauge", "Pulls under way."),
  IMAGE_PULL_BYTES_PER_SECOND("gauge", "What a pull under way gets from registries."),
  IMAGE_PULL_LAYER_BYTES("gauge", "Bytes of a layer that are here, of those a pull waits for."),
  IMAGE_PULL_LAYER_SIZE_BYTES("gauge", "Bytes of a layer that a pull under way waits for."),
  PODS("gauge", "Pods, by state."),
  CONTAINERS("gauge", "Containers, by state.");

  /// CRI-O takes each name with and without them.
  private static final String CRIO_PREFIXES = "^(container_runtime_)?(crio_)?";

  private static final Set<String> OF_CRIO_ONLY =
      Set.of(
          "containers_events_dropped_total",
          "processes_defunct",
          "containers_oom_count_total",
          "containers_seccomp_notifier_count_total",
          "resources_stalled_at_stage",
          "containers_stopped_monitor_count");

  private final String type;
  private final String help;

  Collector(String type, String help) {
    this.type = type;
    this.help = help;
  }

  /// {@return the collector that a configuration means}; empty for one that only CRI-O has
  ///
  /// @throws IllegalArgumentException when there is none of that name
  public static Optional<Collector> parse(String name) {
    var bare = name.replaceFirst(CRIO_PREFIXES, "").replaceFirst("^criollo_", "");
    var found = Arrays.stream(values()).filter(each -> each.text().equals(bare)).findFirst();
    if (found.isEmpty() && !OF_CRIO_ONLY.contains(bare)) {
      var all = Arrays.stream(values()).map(Collector::text).collect(Collectors.joining(", "));
      throw new IllegalArgumentException("has " + name + ", must be of " + all);
    }
    return found;
  }

  /// {@return its name in a configuration}
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// {@return its name in the answer}
  String metric() {
    return "criollo_" + text();
  }

  String type() {
    return type;
  }

  String help() {
    return help;
  }
}
