// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import io.criollo.linux.PidFd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/// `Throughput MONITOR CONMON MIB LINE ROUNDS`: prints how fast a container's output goes into its
/// log, and what processor time that takes, for the monitor and for a conmon in turns. For a node;
/// `MONITOR` and `CONMON` as for [Footprint]. The container does nothing but `cat` a file of lines
/// of that length.
final class Throughput {
  private static final double TICKS_PER_SECOND = 100;
  private final TestNode node;
  private final int mib;

  private Throughput(TestNode node, int mib) {
    this.node = node;
    this.mib = mib;
  }

  public static void main(String[] args) throws Exception {
    Path folder = Files.createTempDirectory("throughput");
    var node = new TestNode(folder, "crun", List.of(args[0].split(" ", -1)));
    var bench = new Throughput(node, Integer.parseInt(args[2]));
    node.request("c", "/bin/true"); // makes the root file system
    String line = "x".repeat(Integer.parseInt(args[3])) + "\n";
    Files.writeString(
        folder.resolve("rootfs/lines"), line.repeat((bench.mib << 20) / line.length()));
    var conmon = new Conmon(Path.of(args[1]), node);
    for (int round = 0; round < Integer.parseInt(args[4]); round++) {
      bench.criollo(node.newId());
      if (Files.exists(conmon.program())) {
        bench.conmon(conmon, node.newId());
      }
    }
    node.stop();
  }

  private void criollo(String id) throws Exception {
    long pid = node.monitorPid();
    long begin = System.nanoTime();
    long ticks = ticks(pid);
    node.run(id, "exec cat /lines");
    var _ = node.nextExit(Duration.ofMinutes(10));
    print("criollo", id, begin, () -> ticks(pid) - ticks);
  }

  private void conmon(Conmon conmon, String id) throws Exception {
    long begin = System.nanoTime();
    long pid = conmon.start(id, "/bin/sh", "-c", "exec cat /lines");
    long[] last = {0};
    try (PidFd process = PidFd.open(pid)) {
      while (!process.ended(Duration.ofMillis(20))) {
        last[0] = Math.max(last[0], ticks(pid));
      }
    }
    print("conmon", id, begin, () -> last[0]);
    node.remove(id);
  }

  private void print(String name, String id, long begin, LongSupplier ticks) throws IOException {
    double seconds = (System.nanoTime() - begin) / 1e9;
    double megabytes = mib * 1.048576;
    System.out.printf(
        "%-8s %6.1f MB in %6.2f s = %7.1f MB/s, %5.2f s of processor time for each GB, log %d bytes%n",
        name,
        megabytes,
        seconds,
        megabytes / seconds,
        ticks.getAsLong() / TICKS_PER_SECOND / megabytes * 1000,
        Files.size(node.log(id)));
    Files.delete(node.log(id));
  }

  /// User and system time of a process, 0 when it has ended.
  private static long ticks(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    } catch (IOException e) {
      if (Files.exists(Path.of("/proc/" + pid))) {
        throw new UncheckedIOException(e);
      }
      return 0;
    }
  }
}
