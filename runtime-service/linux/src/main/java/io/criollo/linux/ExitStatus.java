// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

/// How a process ended.
///
/// @param code exit code, 0 when a signal ended it
/// @param signal the signal that ended it, 0 for none
public record ExitStatus(int code, int signal) {
  /// {@return the exit code as shells give it, `128 + signal` for a signal}
  public int exitCode() {
    return signal == 0 ? code : 128 + signal;
  }

  /// From the status word of wait(2), as `PIDFD_GET_INFO` gives it too.
  static ExitStatus ofWaitStatus(int status) {
    return new ExitStatus(status >> 8 & 0xFF, status & 0x7F);
  }

  /// From `si_code` and `si_status` of waitid(2); CLD_EXITED is 1.
  static ExitStatus ofChild(int code, int status) {
    return code == 1 ? new ExitStatus(status, 0) : new ExitStatus(0, status);
  }
}
