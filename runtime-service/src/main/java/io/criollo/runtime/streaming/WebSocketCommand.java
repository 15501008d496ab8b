// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

import io.criollo.runtime.streaming.websocket.ChannelConnection;
import io.criollo.runtime.streaming.websocket.ChannelProtocol;
import io.netty.buffer.Unpooled;
import java.io.IOException;

/// The streams of an exec or attach as numbered WebSocket channels.
final class WebSocketCommand {
  static final int CHANNELS = 5;

  private static final int STDIN = 0;
  private static final int STDOUT = 1;
  private static final int STDERR = 2;
  private static final int ERROR = 3;
  private static final int RESIZE = 4;

  private WebSocketCommand() {}

  /// Greets the client with an empty message on the first channel that it reads.
  static CommandStreams open(
      ChannelConnection connection, ChannelProtocol protocol, StreamOptions options)
      throws IOException, InterruptedException {
    ignore(connection, options);
    int first = options.stdout() ? STDOUT : options.stderr() ? STDERR : ERROR;
    connection.output(first).write(Unpooled.EMPTY_BUFFER);
    return new CommandStreams(
        connection.input(STDIN),
        connection.output(STDOUT),
        connection.output(STDERR),
        connection.input(RESIZE),
        connection.output(ERROR),
        protocol.jsonStatus());
  }

  private static void ignore(ChannelConnection connection, StreamOptions options) {
    connection.input(STDOUT).close();
    connection.input(STDERR).close();
    connection.input(ERROR).close();
    if (!options.stdin()) {
      connection.input(STDIN).close();
    }
    if (!options.terminal()) {
      connection.input(RESIZE).close();
    }
  }
}
