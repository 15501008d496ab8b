// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

import io.criollo.runtime.streaming.websocket.ChannelConnection;
import io.criollo.runtime.streaming.websocket.ChannelProtocol;
import io.criollo.runtime.streaming.websocket.Tunnel;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;

/// Port-forward in numbered WebSocket channels: for the n-th port of the request channel 2n carries
/// data and 2n+1 errors; each begins with the port as two bytes, low byte first. One connection per
/// port.
final class WebSocketForward {
  static final List<String> PROTOCOLS =
      List.of(
          Tunnel.PORT_FORWARD,
          ChannelProtocol.V4.subprotocol(),
          ChannelProtocol.V4_BASE64.subprotocol());

  private final PodPorts ports;
  private final String podId;
  private final List<Integer> requested;

  WebSocketForward(PodPorts ports, String podId, List<Integer> requested) {
    this.ports = ports;
    this.podId = podId;
    this.requested = List.copyOf(requested);
  }

  int channels() {
    return 2 * requested.size();
  }

  /// Returns when all forwarded connections have ended.
  void run(ChannelConnection connection) throws InterruptedException {
    try (var pumps = new Pumps()) {
      var running = new ArrayList<Future<?>>();
      for (int i = 0; i < requested.size(); i++) {
        int index = i;
        running.add(pumps.start(() -> forward(connection, index)));
      }
      for (var one : running) {
        Pumps.await(one);
      }
    }
  }

  private void forward(ChannelConnection connection, int index)
      throws IOException, InterruptedException {
    int port = requested.get(index);
    var data = connection.output(2 * index);
    var error = connection.output(2 * index + 1);
    connection.input(2 * index + 1).close();
    data.write(greeting(port));
    error.write(greeting(port));
    try {
      new Forwarding(ports, podId, port).run(connection.input(2 * index), data);
    } catch (IOException | RuntimeException e) {
      error.write(
          Unpooled.wrappedBuffer(
              ("error forwarding: " + e.getMessage()).getBytes(StandardCharsets.UTF_8)));
    }
  }

  private static ByteBuf greeting(int port) {
    return Unpooled.buffer(Short.BYTES).writeShortLE(port);
  }
}
