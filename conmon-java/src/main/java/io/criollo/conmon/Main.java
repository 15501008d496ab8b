// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import io.criollo.conmon.client.MonitorSettings;
import io.criollo.linux.Fd;
import io.criollo.linux.Subreaper;
import io.criollo.linux.UnixSockets;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/// `criollo-monitor --socket PATH --state-dir DIR --run-dir DIR`: one per node, started by the
/// daemon. Prints `ready` when it listens. It ends only by a signal.
public final class Main {
  private record Options(Path socket, Path stateDir, Path runDir) {}

  private Main() {}

  public static void main(String[] args) throws Exception {
    Optional<Options> options = parse(args);
    if (options.isEmpty()) {
      System.err.println("usage: criollo-monitor --socket PATH --state-dir DIR --run-dir DIR");
      System.exit(2);
    }
    run(options.orElseThrow());
  }

  private static Optional<Options> parse(String[] args) {
    return option(args, "--socket")
        .flatMap(socket ->
            option(args, "--state-dir")
                .flatMap(state ->
                    option(args, "--run-dir").map(run -> new Options(socket, state, run))));
  }

  private static Optional<Path> option(String[] args, String name) {
    int at = List.of(args).indexOf(name);
    return at >= 0 && at + 1 < args.length ? Optional.of(Path.of(args[at + 1])) : Optional.empty();
  }

  private static void run(Options options) throws IOException, InterruptedException {
    Subreaper.start(_ -> {}); // strays of containers and runtimes are reaped and forgotten
    avoidOomKiller();
    createPrivate(options.stateDir());
    createPrivate(options.runDir());
    try (FileChannel file = openLock(options.runDir().resolve("monitor.lock"));
        FileLock lock = file.tryLock()) {
      if (lock == null) {
        System.err.println("criollo-monitor: another one runs for " + options.runDir());
        System.exit(MonitorSettings.ANOTHER_RUNS);
      }
      Monitor monitor = Monitor.open(options.stateDir(), options.runDir());
      try (Fd listener = UnixSockets.listen(options.socket(), 0600)) {
        System.out.println("ready");
        System.out.close();
        monitor.serve(listener);
      }
    }
  }

  private static void avoidOomKiller() {
    try {
      Files.writeString(Path.of("/proc/self/oom_score_adj"), "-999");
    } catch (IOException e) { // needs CAP_SYS_RESOURCE
      System.err.println("WARNING cannot lower the OOM score of the monitor: " + e.getMessage());
    }
  }

  private static FileChannel openLock(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  private static void createPrivate(Path folder) throws IOException {
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }
}
