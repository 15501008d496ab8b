// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.protocol;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.Optional;

/// Frames on a connection: four bytes length (big-endian, of what follows), one byte kind (0 = JSON
/// message, else a [Stream]), payload. One thread reads; writing is serialized here. Closing it
/// closes the channel.
public final class Wire implements AutoCloseable {
  public static final int HEADER = 5;
  private static final byte TEXT = 0;
  private final ByteChannel channel;
  private final int longest;
  private final ByteBuffer header = ByteBuffer.allocate(HEADER);

  /// `longest` bounds the payload that is accepted from the other side.
  public Wire(ByteChannel channel, int longest) {
    this.channel = channel;
    this.longest = longest;
  }

  public void send(Message message) throws IOException {
    byte[] json = Encoder.encode(message);
    sendFrame(frame(TEXT, json.length).put(json).flip());
  }

  public void send(Stream stream, byte[] bytes) throws IOException {
    sendFrame(frame(stream.code(), bytes.length).put(bytes).flip());
  }

  /// Sends the payload that lies in `buffer` from [#HEADER] to its position; the caller has left
  /// the first bytes free for the header, so that it is one write.
  public void sendInPlace(Stream stream, ByteBuffer buffer) throws IOException {
    buffer.flip();
    buffer.putInt(0, buffer.limit() - HEADER + 1).put(4, stream.code());
    sendFrame(buffer);
  }

  private static ByteBuffer frame(byte kind, int payload) {
    return ByteBuffer.allocate(HEADER + payload).putInt(payload + 1).put(kind);
  }

  private void sendFrame(ByteBuffer frame) throws IOException {
    synchronized (channel) {
      while (frame.hasRemaining()) {
        channel.write(frame);
      }
    }
  }

  /// {@return the next frame; empty when the other side closed between two frames}
  public Optional<Frame> receive() throws IOException {
    header.clear();
    if (!fill(header)) {
      return Optional.empty();
    }
    header.flip();
    int length = header.getInt() - 1;
    byte kind = header.get();
    if (length < 0 || length > longest) {
      throw new ProtocolException("frame of " + length + " bytes");
    }
    byte[] payload = payload(length);
    return Optional.of(
        kind == TEXT
            ? new Frame.Text(Decoder.decode(payload))
            : new Frame.Data(Stream.of(kind), payload));
  }

  private byte[] payload(int length) throws IOException {
    byte[] payload = new byte[length];
    if (length > 0 && !fill(ByteBuffer.wrap(payload))) {
      throw new EOFException("cut frame");
    }
    return payload;
  }

  private boolean fill(ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        if (buffer.position() > 0) {
          throw new EOFException("cut frame");
        }
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
