// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.nio.file.Path;
import java.util.concurrent.Callable;

/// Runs work inside a network namespace, on a platform thread that joins it and is thrown away. A
/// socket that the work opens stays in that namespace wherever it is used later.
///
/// The work must start no other thread, directly or through a virtual thread, a pool, an HTTP
/// client or `ProcessBuilder`: a thread born there stays in the namespace. [Spawn] is fine.
public final class NsThread {
  private NsThread() {}

  /// Any thread may call. When the caller is interrupted the work is too, and is still waited for.
  ///
  /// @param netNs a pin, or `/proc/PID/ns/net`
  /// @throws LinuxException when it cannot be joined
  /// @throws Exception what `work` throws
  public static <T> T call(Path netNs, Callable<T> work) throws Exception {
    return NamespaceThread.run(
        "in " + netNs,
        () -> {
          join(netNs, Namespace.NET);
          return work.call();
        });
  }

  static void join(Path pin, Namespace kind) throws LinuxException {
    try (var fd = Fd.open(pin, OpenFlags.O_RDONLY, 0)) {
      var result = Syscall.SETNS.call(fd.number(), kind.flag());
      if (result < 0) {
        var detail = result == -Errno.EINVAL ? "not a " + kind.file() + " namespace" : "";
        throw Syscall.SETNS.failed(result, "join namespace " + pin, detail);
      }
    }
  }
}
