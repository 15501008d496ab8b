// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

import io.criollo.runtime.streaming.wire.Inbox;
import io.criollo.runtime.streaming.wire.Outlet;
import io.criollo.runtime.streaming.wire.Pump;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;

/// One forwarded connection: bytes both ways, each side may end alone. Runs on the caller's virtual
/// thread and one more; the socket is gone when it ends.
final class Forwarding {
  private final PodPorts ports;
  private final String podId;
  private final int port;

  Forwarding(PodPorts ports, String podId, int port) {
    this.ports = ports;
    this.podId = podId;
    this.port = port;
  }

  /// @throws IOException with a message for the user when the pod's side fails
  void run(Inbox in, Outlet out) throws IOException, InterruptedException {
    try (in;
        var pumps = new Pumps();
        var socket = ports.connect(podId, port)) {
      var upwards = pumps.start(() -> send(in, socket));
      receive(socket, out);
      if (!out.end()) {
        in.end(); // the client cannot be told to end its side: both end here
      }
      Pumps.await(upwards);
    } catch (AsynchronousCloseException e) {
      // the client's side broke and closed the socket
    }
  }

  private void receive(SocketChannel socket, Outlet out) throws IOException, InterruptedException {
    try {
      Pump.copy(socket, out);
    } catch (AsynchronousCloseException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException("port %d in pod %s: %s".formatted(port, podId, e.getMessage()), e);
    }
  }

  private static void send(Inbox in, SocketChannel socket)
      throws IOException, InterruptedException {
    try {
      Pump.copy(in, socket);
      socket.shutdownOutput();
    } catch (IOException | InterruptedException e) {
      socket.close();
      throw e;
    }
  }
}
