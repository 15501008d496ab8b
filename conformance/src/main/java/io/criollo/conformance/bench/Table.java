// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance.bench;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;

/// Samples side by side: a line for each operation, a column for each runtime.
final class Table {
  private Table() {}

  /// Prints median and p95 of each operation, in the order of the first column.
  ///
  /// @param columns samples by the name of the runtime, in order
  static void print(Map<String, Samples> columns, PrintStream out) {
    var head = new StringBuilder("%-36s".formatted("median / p95, ms unless said"));
    columns.keySet().forEach(name -> head.append("%22s".formatted(name)));
    out.println(head);
    for (var operation : columns.values().iterator().next().inOrder()) {
      var line = new StringBuilder("%-36s".formatted(operation));
      for (var samples : columns.values()) {
        line.append(
            String.format(
                Locale.ROOT,
                "%12.1f /%8.1f",
                samples.quantile(operation, 0.5),
                samples.quantile(operation, 0.95)));
      }
      out.println(line);
    }
  }
}
