// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.client;

import io.criollo.linux.Child;
import io.criollo.linux.Errno;
import io.criollo.linux.ExitStatus;
import io.criollo.linux.Fd;
import io.criollo.linux.LinuxException;
import io.criollo.linux.Poller;
import io.criollo.linux.Signals;
import io.criollo.linux.Spawn;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A monitor that this client started: in a session of its own, so that it outlives the daemon. It
/// writes to the daemon's standard error.
final class MonitorProcess implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(30);
  private static final Duration END = Duration.ofSeconds(10);
  private final Child child;

  private MonitorProcess(Child child) {
    this.child = child;
  }

  /// Returns when the monitor listens; empty when another one runs, which an earlier daemon may
  /// just have started, and when somebody killed this one: try again. Blocks: platform threads.
  static Optional<MonitorProcess> start(MonitorSettings settings) throws IOException {
    Fd[] ready = Fd.pipe();
    try (Fd in = ready[0]) {
      var process = new MonitorProcess(spawn(settings.command(), ready[1]));
      return process.awaitReady(in) ? Optional.of(process) : Optional.empty();
    }
  }

  private static Child spawn(List<String> argv, Fd ready) throws LinuxException {
    try (Fd out = ready;
        Fd err = Fd.adopt(2).dup()) {
      return Spawn.start(
          new Spawn.Launch(
              argv,
              Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"),
              Optional.of(Path.of("/")),
              Map.of(1, out, 2, err),
              Spawn.Group.OWN_SESSION));
    }
  }

  private boolean awaitReady(Fd in) throws LinuxException {
    ByteBuffer line = ByteBuffer.allocateDirect(16);
    boolean late;
    try (Poller poller = Poller.open()) {
      poller.add(in, Poller.IN, 0);
      late = poller.await(START) == 0;
      if (late) {
        child.signalGroup(Signals.SIGKILL);
      }
    }
    if (in.read(line) > 0) {
      return true;
    }
    ExitStatus exit = child.waitExit();
    close();
    if (exit.code() == MonitorSettings.ANOTHER_RUNS
        || (exit.signal() == Signals.SIGKILL && !late)) {
      return false;
    }
    throw new LinuxException(Errno.ECHILD, "start the monitor", "it ended: " + exit);
  }

  /// Reaps it: it listens no more, so it is about to end.
  void reap() throws LinuxException {
    var _ = child.waitExit(END);
  }

  @Override
  public void close() {
    child.close();
  }
}
