// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;

/// An eventfd(2): one thread signals, another that polls its descriptor wakes. Any thread.
public final class EventFd implements AutoCloseable {
  private final Fd fd;

  private EventFd(Fd fd) {
    this.fd = fd;
  }

  public static EventFd create() throws LinuxException {
    var result = Syscall.EVENTFD2.call(0, OpenFlags.O_CLOEXEC | OpenFlags.O_NONBLOCK);
    if (result < 0) {
      throw Syscall.EVENTFD2.failed(result, "make an eventfd");
    }
    return new EventFd(Fd.adopt((int) result));
  }

  /// {@return the descriptor to poll for reading, which stays owned by this}
  public Fd fd() {
    return fd;
  }

  public void signal() throws LinuxException {
    try (var arena = Arena.ofConfined()) {
      var one = arena.allocateFrom(ValueLayout.JAVA_LONG, 1);
      var _ = fd.write(one.asByteBuffer());
    }
  }

  /// Forgets the signals so far.
  public void reset() throws LinuxException {
    try (var arena = Arena.ofConfined()) {
      var _ = fd.read(arena.allocate(8, 8).asByteBuffer());
    }
  }

  @Override
  public void close() {
    fd.close();
  }
}
