// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime;

import io.criollo.linux.LinuxException;
import io.criollo.linux.UnixSockets;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Tells the service manager how far the daemon is (sd_notify(3)); says nothing where none listens.
/// A message that does not arrive is logged and changes nothing.
record ServiceNotices(Optional<Path> socket) {
  private static final System.Logger LOG = System.getLogger(ServiceNotices.class.getName());
  private static final int NANOS_PER_MICRO = 1_000;

  /// {@return those for what `NOTIFY_SOCKET` said} Only paths: the manager of a system uses one.
  static ServiceNotices to(String socket) {
    return new ServiceNotices(
        socket.startsWith("/") ? Optional.of(Path.of(socket)) : Optional.empty());
  }

  void ready() {
    send("READY=1");
  }

  /// Followed by [#ready].
  void reloading() {
    send("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / NANOS_PER_MICRO);
  }

  void stopping() {
    send("STOPPING=1");
  }

  private void send(String message) {
    if (socket.isEmpty()) {
      return;
    }
    var bytes = message.getBytes(StandardCharsets.US_ASCII);
    var buffer = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    try (var to = UnixSockets.connectDatagram(socket.get())) {
      var _ = UnixSockets.send(to, buffer, List.of());
    } catch (LinuxException e) {
      LOG.log(Level.WARNING, "tell the service manager {0}: {1}", message, e.getMessage());
    }
  }
}
