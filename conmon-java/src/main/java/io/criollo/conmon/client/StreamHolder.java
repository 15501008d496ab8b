// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.client;

import io.criollo.conmon.protocol.FailureKind;
import io.criollo.linux.Errno;
import io.criollo.linux.Fd;
import io.criollo.linux.Fifo;
import io.criollo.linux.LinuxException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Keeps the output FIFOs of live containers open, so that what a container wrote right before its
/// end is still there when the monitor died with it; and copies of their terminals, for the next
/// monitor. Thread-safe.
final class StreamHolder implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("io.criollo.conmon");
  private final MonitorSettings settings;
  private final Map<String, List<Fd>> held = new HashMap<>();
  private final Map<String, Fd> terminals = new HashMap<>();
  private final Set<String> expected = new HashSet<>();

  StreamHolder(MonitorSettings settings) {
    this.settings = settings;
  }

  /// A container is about to be made: followed by [#holdExpected], or by [#release].
  synchronized void expect(String id) {
    expected.add(id);
  }

  /// Holds it, unless its end was told meanwhile.
  synchronized void holdExpected(String id) {
    if (expected.remove(id)) {
      hold(id);
    }
  }

  synchronized void hold(String id) {
    var fds = new ArrayList<Fd>();
    Path folder = settings.runDir().resolve("containers").resolve(id).resolve("monitor");
    for (String name : List.of("stdout", "stderr")) {
      try {
        fds.add(Fifo.openBoth(folder.resolve(name)));
      } catch (LinuxException e) {
        if (e.errno() != Errno.ENOENT) { // it may have ended already
          LOG.log(Level.WARNING, e.getMessage());
        }
      }
    }
    release(id);
    held.put(id, fds);
    if (fds.size() == 1) {
      holdTerminal(id);
    }
  }

  /// A container with only one FIFO has a terminal.
  private void holdTerminal(String id) {
    try {
      terminals.put(id, Requests.takeTerminal(settings.socket(), id));
    } catch (MonitorException e) {
      var ended = e.kind() == FailureKind.NOT_FOUND;
      LOG.log(ended ? Level.DEBUG : Level.WARNING, "terminal of " + id + ": " + e.getMessage());
    } catch (IOException e) {
      LOG.log(Level.WARNING, "terminal of " + id + ": " + e.getMessage());
    }
  }

  /// Gives the terminals to a new monitor.
  synchronized void giveBack() {
    for (var terminal : terminals.entrySet()) {
      try {
        Requests.giveTerminal(settings.socket(), terminal.getKey(), terminal.getValue());
      } catch (IOException | MonitorException e) {
        LOG.log(Level.WARNING, "terminal of " + terminal.getKey() + ": " + e.getMessage());
      }
    }
  }

  synchronized void release(String id) {
    expected.remove(id);
    List<Fd> fds = held.remove(id);
    if (fds != null) {
      fds.forEach(Fd::close);
    }
    Fd terminal = terminals.remove(id);
    if (terminal != null) {
      terminal.close();
    }
  }

  @Override
  public synchronized void close() {
    held.values().forEach(fds -> fds.forEach(Fd::close));
    held.clear();
    terminals.values().forEach(Fd::close);
    terminals.clear();
  }
}
