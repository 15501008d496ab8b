// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import io.criollo.conmon.protocol.CreatedProcess;
import io.criollo.linux.LinuxException;
import io.criollo.linux.PidFd;
import io.criollo.runtime.state.LiveProcess;
import java.util.Optional;

/// Reaching processes that were started long ago, without ever reaching another one with the same
/// pid.
final class Processes {
  private Processes() {}

  /// {@return a process that the monitor knows, as the state has it}
  static LiveProcess of(CreatedProcess process) {
    return new LiveProcess(process.pid(), process.startTime());
  }

  /// Sends a signal, if the process is still there.
  static void signal(LiveProcess process, int signal) throws LinuxException {
    try (var fd = open(process).orElse(null)) {
      if (fd != null) {
        fd.signal(signal);
      }
    }
  }

  static boolean alive(LiveProcess process) throws LinuxException {
    try (var fd = open(process).orElse(null)) {
      return fd != null && fd.alive();
    }
  }

  private static Optional<PidFd> open(LiveProcess process) throws LinuxException {
    return PidFd.openSame(process.pid(), process.startTime());
  }
}
