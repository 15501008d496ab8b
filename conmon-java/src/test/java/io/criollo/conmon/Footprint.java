// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import io.criollo.conmon.protocol.ContainerStdio;
import io.criollo.conmon.protocol.CreateRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

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
    conmon.measure(List.of(args).subList(2, args.length).stream().map(Integer::valueOf).toList());
  }

  /// Debian's conmon, one for each container.
  private record Conmon(Path program, TestNode node) {
    void measure(List<Integer> counts) throws Exception {
      var pids = new ArrayList<Long>();
      for (int count : Files.exists(program) ? counts : List.<Integer>of()) {
        while (pids.size() < count) {
          pids.add(start(node.newId()));
        }
        Memory all = pids.stream().map(Memory::of).reduce(new Memory(0, 0, 0), Memory::plus);
        System.out.printf("conmon       %10d %s%n", count, all);
      }
    }

    private long start(String id) throws Exception {
      CreateRequest request =
          node.request(id, ContainerStdio.logged(node.log(id)), "/bin/sleep", "100000");
      Path bundle = request.bundle();
      run(
          "%s --cid %s --cuuid %s --name %s --runtime %s --runtime-arg --root=%s --bundle %s"
                  .formatted(program, id, id, id, node.runtime.path(), node.runtime.root(), bundle)
              + " --container-pidfile %s/pid --conmon-pidfile %s/conmon --exit-dir %s"
                  .formatted(bundle, bundle, node.folder)
              + " --log-path k8s-file:%s --socket-dir-path %s"
                  .formatted(node.log(id), node.folder));
      while (!Files.exists(bundle.resolve("pid"))) {
        Thread.sleep(5);
      }
      run(node.runtime.path() + " --root " + node.runtime.root() + " start " + id);
      return Long.parseLong(Files.readString(bundle.resolve("conmon")).strip());
    }

    private static void run(String command) throws Exception {
      int status =
          new ProcessBuilder(Stream.of(command.split(" ")).toList()).inheritIO().start().waitFor();
      if (status != 0) {
        throw new IOException(command + " ended with " + status);
      }
    }
  }
}
