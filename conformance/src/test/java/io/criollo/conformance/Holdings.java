// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What daemon and monitor have open, and their threads without those of the compilers, which come
/// and go by themselves.
record Holdings(Counts daemon, Counts monitor) {
  /// Threads by which the daemon's pools may grow when there is most to do.
  private static final int GROWTH = 4;

  /// How often there is what, by its name without digits.
  record Counts(Map<String, Long> descriptors, Map<String, Long> threads) {
    private static Counts of(long pid) throws IOException {
      Path process = Path.of("/proc/" + pid);
      return new Counts(
          entries(process.resolve("fd"), Files::readSymbolicLink),
          entries(process.resolve("task"), task -> Files.readString(task.resolve("comm"))));
    }

    private boolean within(Counts most, int moreThreads) {
      return sum(descriptors) <= sum(most.descriptors)
          && sum(threads) <= sum(most.threads) + moreThreads;
    }

    private static long sum(Map<String, Long> counts) {
      return counts.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  static Holdings now(CriolloNode criollo) throws IOException {
    long monitor = criollo.node().monitor().orElseThrow().pid();
    return new Holdings(Counts.of(criollo.daemon().pid()), Counts.of(monitor));
  }

  /// Waits until both hold no more than this.
  void awaitNoMore(CriolloNode criollo) throws IOException, InterruptedException {
    try {
      Patience.await("no more is held", Duration.ofMinutes(2), () -> now(criollo).within(this));
    } catch (IOException e) {
      throw new AssertionError("before " + this + ", now " + now(criollo), e);
    }
  }

  private boolean within(Holdings most) {
    return daemon.within(most.daemon, GROWTH) && monitor.within(most.monitor, 0);
  }

  @FunctionalInterface
  private interface Name {
    Object of(Path entry) throws IOException;
  }

  private static Map<String, Long> entries(Path folder, Name name) throws IOException {
    try (Stream<Path> found = Files.list(folder)) {
      return found
          .map(entry -> text(entry, name))
          .filter(text -> !text.isEmpty() && !text.contains("Compiler"))
          .collect(Collectors.groupingBy(t -> t, TreeMap::new, Collectors.counting()));
    }
  }

  private static String text(Path entry, Name name) {
    try {
      return name.of(entry).toString().strip().replaceAll("[0-9a-f]{6,}|[0-9]+", "");
    } catch (IOException _) { // it has just gone
      return "";
    }
  }
}
