// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// The daemon's own process, under the names that Prometheus' clients give such things. Always
/// shown, as by CRI-O.
public final class OwnProcess implements Source {
  private static final Path PROC = Path.of("/proc/self");
  private static final double MILLIS = 1e3;

  @Override
  public void write(Page page) throws IOException {
    var info = ProcessHandle.current().info();
    var cpu = info.totalCpuDuration().orElse(Duration.ZERO);
    value(page, "process_cpu_seconds_total", "counter", Histogram.seconds(cpu.toNanos()));
    value(page, "process_open_fds", "gauge", (double) openFiles());
    value(page, "process_resident_memory_bytes", "gauge", kibibytes("VmRSS:") * 1024.0);
    value(page, "process_virtual_memory_bytes", "gauge", kibibytes("VmSize:") * 1024.0);
    if (info.startInstant().isPresent()) {
      var start = info.startInstant().get().toEpochMilli() / MILLIS;
      value(page, "process_start_time_seconds", "gauge", start);
    }
    var runtime = Runtime.getRuntime();
    value(
        page,
        "jvm_heap_used_bytes",
        "gauge",
        (double) (runtime.totalMemory() - runtime.freeMemory()));
  }

  private static void value(Page page, String name, String type, double value) {
    page.metric(name, type, "Of the daemon's process.", series -> series.value(value));
  }

  private static long openFiles() throws IOException {
    try (var files = Files.list(PROC.resolve("fd"))) {
      return files.count();
    }
  }

  private static long kibibytes(String key) throws IOException {
    try (var lines = Files.lines(PROC.resolve("status"))) {
      return lines
          .filter(line -> line.startsWith(key))
          .map(line -> line.replaceAll("[^0-9]", ""))
          .mapToLong(Long::parseLong)
          .findFirst()
          .orElse(0);
    }
  }
}
