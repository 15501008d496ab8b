// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.io;

import io.criollo.linux.Fd;
import io.criollo.linux.LinuxException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;

/// A blocking descriptor as a channel for heap and direct buffers. One reader and one writer;
/// closing it closes the descriptor.
public final class FdChannel implements ByteChannel {
  private static final int SCRATCH = 8 << 10;
  private final Fd fd;
  private final ByteBuffer in = ByteBuffer.allocateDirect(SCRATCH);
  private final ByteBuffer out = ByteBuffer.allocateDirect(SCRATCH);

  public FdChannel(Fd fd) {
    this.fd = fd;
  }

  @Override
  public int read(ByteBuffer into) throws LinuxException {
    if (into.isDirect()) {
      return fd.read(into);
    }
    in.clear().limit(Math.min(in.capacity(), into.remaining()));
    int count = fd.read(in);
    into.put(in.flip());
    return count;
  }

  @Override
  public int write(ByteBuffer from) throws LinuxException {
    if (from.isDirect()) {
      return fd.write(from);
    }
    int size = Math.min(out.capacity(), from.remaining());
    out.clear().put(0, from, from.position(), size).limit(size);
    int count = fd.write(out);
    from.position(from.position() + count);
    return count;
  }

  @Override
  public boolean isOpen() {
    return fd.isOpen();
  }

  @Override
  public void close() {
    fd.close();
  }
}
