// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;

/// Network interfaces of the namespace of the calling thread. Only inside [NetNs#pin] or
/// [NsThread].
public final class Network {
  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int SIOCGIFFLAGS = 0x8913;
  private static final int SIOCSIFFLAGS = 0x8914;
  private static final int IFF_UP = 1;

  private Network() {}

  /// Brings `lo` up, which gives it 127.0.0.1 and ::1.
  public static void loopbackUp() throws LinuxException {
    NamespaceThread.require("bringing up lo");
    try (var socket = UnixSockets.socket(AF_UNIX, SOCK_DGRAM);
        var arena = Arena.ofConfined()) {
      // struct ifreq { char name[16]; short flags; … } of 40 bytes
      var request = arena.allocate(40, 8);
      request.setString(0, "lo");
      var _ =
          socket.run(Syscall.IOCTL, "read the flags of lo by", SIOCGIFFLAGS, request.address(), 0);
      var flags = request.get(ValueLayout.JAVA_SHORT, 16);
      request.set(ValueLayout.JAVA_SHORT, 16, (short) (flags | IFF_UP));
      var _ = socket.run(Syscall.IOCTL, "bring up lo by", SIOCSIFFLAGS, request.address(), 0);
    }
  }
}
