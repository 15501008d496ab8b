// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import io.criollo.linux.Errno;
import io.criollo.linux.ExitStatus;
import io.criollo.linux.LinuxException;
import io.criollo.linux.PidFd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Finds out how a process ended: as its parent; else from the kernel's memory of a reaped process;
/// else from what /proc shows of a zombie that its new parent has not reaped yet.
final class ProcessEnd {
  private static final int START_TIME = 19;
  private static final int EXIT_CODE = 49;

  private ProcessEnd() {}

  /// {@return empty while it runs, or when nothing tells (any more or not yet)}
  static Optional<ExitStatus> of(PidFd process, long startTime) throws LinuxException {
    try {
      return process.reap();
    } catch (LinuxException e) {
      if (e.errno() != Errno.ECHILD) {
        throw e;
      }
    }
    Optional<ExitStatus> kept = kept(process);
    return kept.isPresent() ? kept : zombie(process.pid(), startTime);
  }

  private static Optional<ExitStatus> kept(PidFd process) {
    try {
      return process.exitInfo();
    } catch (LinuxException _) { // an older kernel, or opened too late
      return Optional.empty();
    }
  }

  /// Fields of proc_pid_stat(5), counted from behind the command: 3 state … 22 start, 52 exit code.
  static Optional<ExitStatus> zombie(long pid, long startTime) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).strip().split(" ", -1);
      boolean same = Long.parseUnsignedLong(fields[START_TIME]) == startTime;
      if (!same || !fields[0].equals("Z") || fields.length <= EXIT_CODE) {
        return Optional.empty();
      }
      int status = Integer.parseInt(fields[EXIT_CODE]);
      return Optional.of(new ExitStatus((status >> 8) & 0xff, status & 0x7f));
    } catch (IOException | RuntimeException _) { // it is gone
      return Optional.empty();
    }
  }
}
