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
/// daemon. Prints `ready` when it listens. It ends only by a signal. With `--listener N` it goes on
/// in the process of an older one, on the listening descriptor that it inherits.
public final class Main {
  static final String LISTENER = "--listener";

  /// The only variable of its environment.
  static final String PATH = "/usr/sbin:/usr/bin:/sbin:/bin";

  private record Options(Path socket, Path stateDir, Path runDir, Optional<Integer> listener) {}

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
    Optional<Path> socket = option(args, "--socket").map(Path::of);
    Optional<Path> state = option(args, "--state-dir").map(Path::of);
    Optional<Path> run = option(args, "--run-dir").map(Path::of);
    if (socket.isEmpty() || state.isEmpty() || run.isEmpty()) {
      return Optional.empty();
    }
    Optional<Integer> listener = option(args, LISTENER).map(Integer::valueOf);
    return Optional.of(new Options(socket.get(), state.get(), run.get(), listener));
  }

  private static Optional<String> option(String[] args, String name) {
    int at = List.of(args).indexOf(name);
    return at >= 0 && at + 1 < args.length ? Optional.of(args[at + 1]) : Optional.empty();
  }

  private static void run(Options options) throws IOException, InterruptedException {
    avoidOomKiller();
    createPrivate(options.stateDir());
    createPrivate(options.runDir());
    try (FileChannel file = openLock(options.runDir().resolve("monitor.lock"));
        FileLock lock = file.tryLock()) {
      if (lock == null) {
        System.err.println("criollo-monitor: another one runs for " + options.runDir());
        System.exit(MonitorSettings.ANOTHER_RUNS);
      }
      Monitor monitor = takeOver(options);
      try (Fd listener = listener(options)) {
        System.out.println("ready");
        System.out.close();
        serve(() -> monitor.serve(listener));
      }
    }
  }

  /// Lets connections in for ever.
  @FunctionalInterface
  interface Serving {
    void run() throws IOException;
  }

  /// Does not return. A monitor that lets nobody in would live on with those who are inside, and
  /// hold the lock; the daemon starts another when it is gone.
  static void serve(Serving entrance) {
    try {
      entrance.run();
    } catch (IOException | RuntimeException | Error e) {
      System.err.println("ERROR the monitor cannot let anybody in any more: " + e);
    } finally { // also when that could not be said
      Runtime.getRuntime().halt(1);
    }
  }

  /// Containers are our children when this process was their monitor before: none is reaped until
  /// it is known whose it is.
  private static Monitor takeOver(Options options) throws IOException, InterruptedException {
    try (var _ = Subreaper.hold()) {
      Subreaper.start(_ -> {}); // strays of containers and runtimes are reaped and forgotten
      return Monitor.open(options.stateDir(), options.runDir());
    }
  }

  private static Fd listener(Options options) throws IOException {
    return options.listener().isPresent()
        ? Fd.adopt(options.listener().get())
        : UnixSockets.listen(options.socket(), 0600);
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
