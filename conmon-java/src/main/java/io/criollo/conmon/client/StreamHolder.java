// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.client;

import io.criollo.linux.Errno;
import io.criollo.linux.Fd;
import io.criollo.linux.Fifo;
import io.criollo.linux.LinuxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Keeps the output FIFOs of live containers open, so that what a container wrote right before its
/// end is still there when the monitor died with it. Thread-safe.
final class StreamHolder implements AutoCloseable {
  private final Path runDir;
  private final Map<String, List<Fd>> held = new HashMap<>();

  StreamHolder(Path runDir) {
    this.runDir = runDir;
  }

  synchronized void hold(String id) {
    var fds = new ArrayList<Fd>();
    for (String name : List.of("stdout", "stderr")) {
      try {
        fds.add(Fifo.openBoth(runDir.resolve("containers").resolve(id).resolve("monitor/" + name)));
      } catch (LinuxException e) {
        if (e.errno() != Errno.ENOENT) { // a terminal has none, and it may have ended already
          System.getLogger("io.criollo.conmon").log(System.Logger.Level.WARNING, e.getMessage());
        }
      }
    }
    release(id);
    held.put(id, fds);
  }

  synchronized void release(String id) {
    List<Fd> fds = held.remove(id);
    if (fds != null) {
      fds.forEach(Fd::close);
    }
  }

  @Override
  public synchronized void close() {
    held.values().forEach(fds -> fds.forEach(Fd::close));
    held.clear();
  }
}
