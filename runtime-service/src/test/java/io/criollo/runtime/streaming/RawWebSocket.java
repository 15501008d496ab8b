// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// A WebSocket client that may break every rule: frames go out as they are written. Used by one
/// thread.
final class RawWebSocket implements AutoCloseable {
  static final int FIN = 0x80;
  static final int CONTINUATION = 0;
  static final int TEXT = 1;
  static final int BINARY = 2;
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;

  private static final int TIMEOUT_MILLIS = 20_000;
  private static final int MASKED = 0x80;
  private static final int LENGTH_16 = 126;
  private static final int LENGTH_64 = 127;

  /// A frame of the server's.
  record Frame(int opcode, ByteBuffer payload) {}

  final String response;
  private final Socket socket;
  private final DataInputStream in;

  private RawWebSocket(Socket socket, String url, String protocol) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(socket.getInputStream());
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket
        .getOutputStream()
        .write(
            "GET %s HTTP/1.1\r\nHost: x\r\n%sSec-WebSocket-Protocol: %s\r\n\r\n"
                .formatted(URI.create(url).getPath(), WebSocketClient.UPGRADE, protocol)
                .getBytes(StandardCharsets.US_ASCII));
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.readUnsignedByte());
    }
    this.response = head.toString();
  }

  static RawWebSocket connect(String url, String protocol) throws IOException {
    var uri = URI.create(url);
    return over(new Socket(uri.getHost(), uri.getPort()), url, protocol);
  }

  /// The same over a connection that is there.
  static RawWebSocket over(Socket socket, String url, String protocol) throws IOException {
    return new RawWebSocket(socket, url, protocol);
  }

  /// Sends a proper frame, if its first byte makes one.
  void send(int first, byte... payload) throws IOException {
    raw(frame(first, payload));
  }

  /// {@return a masked frame; the mask is zero, which changes nothing}
  static byte[] frame(int first, byte... payload) {
    var bytes = ByteBuffer.allocate(14 + payload.length).put((byte) first);
    if (payload.length < LENGTH_16) {
      bytes.put((byte) (MASKED | payload.length));
    } else if (payload.length <= 0xffff) {
      bytes.put((byte) (MASKED | LENGTH_16)).putShort((short) payload.length);
    } else {
      bytes.put((byte) (MASKED | LENGTH_64)).putLong(payload.length);
    }
    bytes.putInt(0).put(payload).flip();
    var array = new byte[bytes.remaining()];
    bytes.get(array);
    return array;
  }

  void raw(byte... bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /// {@return the server's next frame; empty when it has hung up}
  Optional<Frame> next() throws IOException {
    try {
      int first = in.readUnsignedByte();
      int length = in.readUnsignedByte();
      if (length == LENGTH_16) {
        length = in.readUnsignedShort();
      } else if (length == LENGTH_64) {
        length = Math.toIntExact(in.readLong());
      }
      return Optional.of(new Frame(first & 0x0f, ByteBuffer.wrap(in.readNBytes(length))));
    } catch (EOFException | SocketException e) {
      return Optional.empty();
    }
  }

  /// Reads until the server hangs up; {@return what it said in binary messages}
  byte[] awaitEnd() throws IOException {
    var said = new ByteArrayOutputStream();
    for (var frame = next(); frame.isPresent(); frame = next()) {
      if (frame.get().opcode() == BINARY) {
        said.writeBytes(frame.get().payload().array());
      }
    }
    return said.toByteArray();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
