// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// `Footprint MONITOR CONMON COUNT...`: prints the memory of one monitor with as many containers as
/// each count says, and of as many conmon beside. For a node; `MONITOR` is the launcher of the
/// monitor, `CONMON` the program or `-`.
final class Footprint {
  private static final Duration QUIET = Duration.ofSeconds(11);

  private Footprint() {}

  /// What processes take, in KiB (proc_pid_smaps_rollup(5)).
  record Memory(long pss, long rss, long anonymous) {
    static Memory of(long pid) {
      try {
        String text = Files.readString(Path.of("/proc/" + pid + "/smaps_rollup"));
        return new Memory(field(text, "Pss"), field(text, "Rss"), field(text, "Anonymous"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static long field(String text, String name) {
      return text.lines()
          .filter(line -> line.startsWith(name + ":"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .sum();
    }

    Memory plus(Memory other) {
      return new Memory(pss + other.pss, rss + other.rss, anonymous + other.anonymous);
    }

    @Override
    public String toString() {
      return "%8.1f %8.1f %8.1f".formatted(pss / 1024.0, rss / 1024.0, anonymous / 1024.0);
    }
  }

  /// Free memory goes back to the kernel every five seconds: what is left when longer than that
  /// nothing did.
  static Memory settled(long pid) throws InterruptedException {
    Memory least = Memory.of(pid);
    long since = System.nanoTime();
    while (System.nanoTime() - since < QUIET.toNanos()) {
      Thread.sleep(500);
      Memory now = Memory.of(pid);
      if (now.anonymous() < least.anonymous()) {
        least = now;
        since = System.nanoTime();
      }
    }
    return least;
  }

  public static void main(String[] args) throws Exception {
    Path folder = Files.createTempDirectory("footprint");
    var node = new TestNode(folder, "crun", List.of(args[0].split(" ")));
    var conmon = new Conmon(Path.of(args[1]), node);
    System.out.println("MiB          containers      pss      rss     anon");
    int count = 0;
    for (String each : List.of(args).subList(2, args.length)) {
      for (; count < Integer.parseInt(each); count++) {
        node.run(node.newId(), "exec sleep 100000");
      }
      System.out.printf("criollo      %10d %s%n", count, settled(node.monitorPid()));
    }
    node.stop();
    measure(conmon, List.of(args).subList(2, args.length));
  }

  private static void measure(Conmon conmon, List<String> counts) throws Exception {
    var pids = new ArrayList<Long>();
    for (String count : Files.exists(conmon.program()) ? counts : List.<String>of()) {
      while (pids.size() < Integer.parseInt(count)) {
        pids.add(conmon.start(conmon.node().newId(), "/bin/sleep", "100000"));
      }
      Memory all = pids.stream().map(Memory::of).reduce(new Memory(0, 0, 0), Memory::plus);
      System.out.printf("conmon       %10s %s%n", count, all);
    }
  }
}
