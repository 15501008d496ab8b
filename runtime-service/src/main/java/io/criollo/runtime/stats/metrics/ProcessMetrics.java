// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.stats.metrics;

import io.criollo.linux.LinuxException;
import io.criollo.linux.cgroup.OpenCgroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/// Counts of what a container's processes hold. Those that end meanwhile are not counted.
final class ProcessMetrics {
  private static final Path PROC = Path.of("/proc");
  private static final String OPEN_FILES = "Max open files";

  private ProcessMetrics() {}

  static void addTo(MetricList list, OpenCgroup cgroup) throws LinuxException {
    var processes = cgroup.processes();
    long threads = cgroup.number("pids.current").orElse(processes.size());
    list.add(MetricName.PROCESSES, processes.size());
    list.add(MetricName.THREADS, threads);
    list.add(MetricName.THREADS_MAX, cgroup.number("pids.max").orElse(0));
    descriptors(list, processes);
    if (!processes.isEmpty()) {
      limitOfOpenFiles(processes.getFirst())
          .ifPresent(limit -> list.add(MetricName.ULIMITS_SOFT, limit, "max_open_files"));
    }
  }

  private static void descriptors(MetricList list, List<Long> processes) {
    long descriptors = 0;
    long sockets = 0;
    for (long pid : processes) {
      for (var one : open(pid)) {
        descriptors++;
        sockets += isSocket(one) ? 1 : 0;
      }
    }
    list.add(MetricName.FILE_DESCRIPTORS, descriptors);
    list.add(MetricName.SOCKETS, sockets);
  }

  private static List<Path> open(long pid) {
    try (var open = Files.list(PROC.resolve(pid + "/fd"))) {
      return open.toList();
    } catch (IOException | UncheckedIOException _) {
      return List.of(); // has just ended
    }
  }

  private static boolean isSocket(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
    } catch (IOException _) {
      return false;
    }
  }

  private static OptionalLong limitOfOpenFiles(long pid) {
    try {
      return softLimit(Files.readString(PROC.resolve(pid + "/limits")));
    } catch (IOException _) {
      return OptionalLong.empty();
    }
  }

  /// {@return the soft limit of open files in the text of `/proc/PID/limits`}
  static OptionalLong softLimit(String limits) {
    return limits
        .lines()
        .filter(line -> line.startsWith(OPEN_FILES))
        .map(line -> line.substring(OPEN_FILES.length()).strip().split("\\s+", 2)[0])
        .filter(value -> value.matches("unlimited|\\d{1,18}"))
        .mapToLong(value -> value.equals("unlimited") ? -1 : Long.parseLong(value))
        .findFirst();
  }
}
