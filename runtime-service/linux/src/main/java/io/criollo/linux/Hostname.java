// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.lang.foreign.Arena;

/// The host name of a UTS namespace. Only inside [NetNs#pin].
public final class Hostname {
  private static final int LONGEST = 64;

  private Hostname() {}

  public static void set(String name) throws LinuxException {
    NamespaceThread.require("sethostname");
    var bytes = KernelString.encode(name);
    if (bytes.length > LONGEST) {
      throw new LinuxException(
          Errno.EINVAL, "set host name " + name, "longer than " + LONGEST + " bytes");
    }
    try (var arena = Arena.ofConfined()) {
      var segment = KernelString.allocate(arena, name);
      var result = Syscall.SETHOSTNAME.call(segment.address(), bytes.length);
      if (result < 0) {
        throw Syscall.SETHOSTNAME.failed(result, "set host name " + name);
      }
    }
  }
}
