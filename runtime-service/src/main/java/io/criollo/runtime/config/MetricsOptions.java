// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.config;

import io.criollo.runtime.metrics.Collector;

/// What the options of the metrics may be, alone and together.
record MetricsOptions(Effective options) {
  private static final int LARGEST_PORT = 0xffff;

  void check() {
    for (var text : options.value(Option.METRICS_PORT)) {
      long port = Long.parseLong(text);
      if (port < 0 || port > LARGEST_PORT) {
        options.fault(
            Option.METRICS_PORT, "must be a port from 0 to " + LARGEST_PORT + ", is " + text);
      }
    }
    if (options.value(Option.METRICS_PORT).isEmpty()) {
      options.fault(Option.METRICS_PORT, "must be set");
    }
    checkTogether(Option.METRICS_CERT, Option.METRICS_KEY);
    checkTogether(Option.METRICS_KEY, Option.METRICS_CERT);
    options.value(Option.METRICS_COLLECTORS).forEach(this::checkCollector);
  }

  private void checkTogether(Option given, Option other) {
    if (!options.value(given).isEmpty() && options.value(other).isEmpty()) {
      options.fault(other, "must be set while " + given.key() + " is");
    }
  }

  private void checkCollector(String name) {
    try {
      if (Collector.parse(name).isEmpty()) {
        options.warning(Option.METRICS_COLLECTORS, "has " + name + ", which only CRI-O counts");
      }
    } catch (IllegalArgumentException e) {
      options.fault(Option.METRICS_COLLECTORS, String.valueOf(e.getMessage()));
    }
  }
}
