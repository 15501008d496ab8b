// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.io.IOException;

/// A system call that the kernel refused. The message reads `verb object: ERRNO (detail)`, as in
/// `mount overlay on /x/merged: EINVAL (lowerdir=…)`.
public final class LinuxException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int errno;
  private final String call;

  /// @param call what was attempted, on which object: `open /etc/passwd`
  /// @param detail more for the reader, or empty
  public LinuxException(int errno, String call, String detail) {
    super(call + ": " + Errno.name(errno) + (detail.isEmpty() ? "" : " (" + detail + ")"));
    this.errno = errno;
    this.call = call;
  }

  public int errno() {
    return errno;
  }

  public String call() {
    return call;
  }

  /// {@return whether the error is one of these}
  public boolean is(int... errnos) {
    for (var candidate : errnos) {
      if (candidate == errno) {
        return true;
      }
    }
    return false;
  }
}
