// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.time.Duration;
import java.util.Optional;

/// A child that [Spawn#start] started or [Subreaper#adopt] took. Only its holder reaps it, so pid
/// and process group name it until then. Closing neither ends nor reaps it; an unreaped one is left
/// to [Subreaper], or stays a zombie without one.
public final class Child implements AutoCloseable {
  private final PidFd pidFd;

  Child(PidFd pidFd) {
    this.pidFd = pidFd;
    Children.own(pidFd.pid());
  }

  public long pid() {
    return pidFd.pid();
  }

  /// {@return the descriptor of the process, which stays owned by this}
  public PidFd pidFd() {
    return pidFd;
  }

  /// Waits, blocking, and reaps.
  public ExitStatus waitExit() throws LinuxException {
    return pidFd.waitExit();
  }

  /// Waits, blocking, at most that long, and reaps.
  public Optional<ExitStatus> waitExit(Duration timeout) throws LinuxException {
    return pidFd.ended(timeout) ? pidFd.reap() : Optional.empty();
  }

  /// Signals its process group; only for a child with a group or session of its own.
  public void signalGroup(int signal) throws LinuxException {
    var _ = pidFd.signalGroup(signal);
  }

  @Override
  public void close() {
    Children.disown(pid());
    pidFd.close();
  }
}
