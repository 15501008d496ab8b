// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.protocol;

import io.criollo.linux.Fd;
import io.criollo.linux.LinuxException;
import io.criollo.linux.UnixSockets;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// A blocking Unix socket as a channel for heap and direct buffers, which keeps the descriptors
/// that came along. What is read at once grows with what is asked for. One reader and one writer;
/// closing it closes the socket and descriptors not taken.
public final class FdChannel implements ByteChannel {
  private static final int SCRATCH = 4 << 10;
  private static final int MOST = 64 << 10;
  private final Fd socket;
  private ByteBuffer in = ByteBuffer.allocateDirect(SCRATCH);
  private ByteBuffer out = ByteBuffer.allocateDirect(SCRATCH);
  private final Deque<Fd> received = new ArrayDeque<>();

  public FdChannel(Fd socket) {
    this.socket = socket;
  }

  public Fd socket() {
    return socket;
  }

  @Override
  public int read(ByteBuffer into) throws LinuxException {
    in = atLeast(into.remaining(), in);
    in.clear().limit(Math.min(in.capacity(), into.remaining()));
    UnixSockets.Received got = UnixSockets.receive(socket, in);
    received.addAll(got.descriptors());
    into.put(in.flip());
    return got.count();
  }

  @Override
  public int write(ByteBuffer from) throws LinuxException {
    if (from.isDirect()) {
      return UnixSockets.send(socket, from, List.of());
    }
    out = atLeast(from.remaining(), out);
    int size = Math.min(out.capacity(), from.remaining());
    out.clear().put(0, from, from.position(), size).limit(size);
    int count = UnixSockets.send(socket, out, List.of());
    from.position(from.position() + count);
    return count;
  }

  /// Doubled at least: what is left of smaller ones is given back only by the collector.
  private static ByteBuffer atLeast(int bytes, ByteBuffer buffer) {
    int wanted = Math.min(bytes, MOST);
    return buffer.capacity() < wanted
        ? ByteBuffer.allocateDirect(Math.clamp(2L * buffer.capacity(), wanted, MOST))
        : buffer;
  }

  /// Sends one byte that carries a descriptor; the other side calls [#receiveDescriptor].
  public void sendDescriptor(Fd descriptor) throws LinuxException {
    out.clear().put(0, (byte) 0).limit(1);
    var _ = UnixSockets.send(socket, out, List.of(descriptor));
  }

  /// Waits for what [#sendDescriptor] sent; it belongs to the caller.
  public Optional<Fd> receiveDescriptor() throws LinuxException {
    var _ = read(ByteBuffer.allocate(1));
    return Optional.ofNullable(received.poll());
  }

  @Override
  public boolean isOpen() {
    return socket.isOpen();
  }

  @Override
  public void close() {
    received.forEach(Fd::close);
    received.clear();
    socket.close();
  }
}
