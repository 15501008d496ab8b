// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;

/// epoll(7). One platform thread awaits and reads the events; any thread adds, changes, removes and
/// wakes. A descriptor is removed before it is closed. Who opens it closes it, after the last
/// await.
public final class Poller implements AutoCloseable {
  public static final int IN = 1;
  public static final int PRI = 2;
  public static final int OUT = 4;
  public static final int ERR = 8;
  public static final int HUP = 16;
  public static final int RDHUP = 0x2000;
  public static final int ONESHOT = 1 << 30;
  public static final int EDGE = 1 << 31;

  private static final int ADD = 1;
  private static final int DELETE = 2;
  private static final int MODIFY = 3;
  private static final int MOST = 64;
  private static final long WAKE = Long.MIN_VALUE;

  /// `struct epoll_event { u32 events; u64 data; }`, packed on x86_64 only.
  private static final int DATA = Arch.pick(4, 8);

  private static final int SIZE = Arch.pick(12, 16);

  private final Fd epoll;
  private final EventFd wake;
  private final MemorySegment events = Arena.ofAuto().allocate((long) SIZE * MOST, 8);
  private int count;

  private Poller(Fd epoll, EventFd wake) {
    this.epoll = epoll;
    this.wake = wake;
  }

  public static Poller open() throws LinuxException {
    var result = Syscall.EPOLL_CREATE1.call(OpenFlags.O_CLOEXEC);
    if (result < 0) {
      throw Syscall.EPOLL_CREATE1.failed(result, "make an epoll");
    }
    var epoll = Fd.adopt((int) result);
    try {
      var poller = new Poller(epoll, EventFd.create());
      poller.control(ADD, poller.wake.fd(), IN, WAKE);
      return poller;
    } catch (LinuxException e) {
      epoll.close();
      throw e;
    }
  }

  /// Watches a descriptor.
  ///
  /// @param token comes back with each event; any but `Long.MIN_VALUE`
  public void add(Fd fd, int interest, long token) throws LinuxException {
    if (token == WAKE) {
      throw new IllegalArgumentException("reserved token");
    }
    control(ADD, fd, interest, token);
  }

  public void modify(Fd fd, int interest, long token) throws LinuxException {
    control(MODIFY, fd, interest, token);
  }

  public void remove(Fd fd) throws LinuxException {
    control(DELETE, fd, 0, 0);
  }

  private void control(int operation, Fd fd, int interest, long token) throws LinuxException {
    try (var arena = Arena.ofConfined()) {
      var event = arena.allocate(SIZE, 8);
      event.set(ValueLayout.JAVA_INT, 0, interest);
      event.set(ValueLayout.JAVA_LONG_UNALIGNED, DATA, token);
      var number = fd.acquire();
      try {
        var _ =
            epoll.run(
                Syscall.EPOLL_CTL,
                "poll descriptor " + number + " by",
                operation,
                number,
                event.address());
      } finally {
        fd.release();
      }
    }
  }

  /// Blocks until there are events, [#wake] was called, or the time is over.
  ///
  /// @return the number of events, to be asked by [#token] and [#events] until the next await
  public int await(Duration timeout) throws LinuxException {
    return await((int) Math.min(timeout.plusNanos(999_999).toMillis(), Integer.MAX_VALUE));
  }

  /// Blocks until there are events or [#wake] was called.
  public int await() throws LinuxException {
    return await(-1);
  }

  private int await(int millis) throws LinuxException {
    var number = epoll.acquire();
    try {
      var result = Syscall.EPOLL_PWAIT.callOnce(number, events.address(), MOST, millis, 0, 8);
      if (result < 0 && result != -Errno.EINTR) {
        throw Syscall.EPOLL_PWAIT.failed(result, "wait for events");
      }
      count = withoutWake((int) Math.max(result, 0));
      return count;
    } finally {
      epoll.release();
    }
  }

  /// Moves the last event over the wake-up's place.
  private int withoutWake(int got) throws LinuxException {
    for (var i = 0; i < got; i++) {
      if (dataAt(i) == WAKE) {
        wake.reset();
        MemorySegment.copy(events, (long) SIZE * (got - 1), events, (long) SIZE * i, SIZE);
        return got - 1;
      }
    }
    return got;
  }

  private long dataAt(int index) {
    return events.get(ValueLayout.JAVA_LONG_UNALIGNED, (long) SIZE * index + DATA);
  }

  public long token(int index) {
    return dataAt(java.util.Objects.checkIndex(index, count));
  }

  /// {@return the events of one descriptor: IN, OUT, ERR, HUP, RDHUP}
  public int events(int index) {
    return events.get(
        ValueLayout.JAVA_INT_UNALIGNED, (long) SIZE * java.util.Objects.checkIndex(index, count));
  }

  /// Makes the present or next await return.
  public void wake() throws LinuxException {
    wake.signal();
  }

  @Override
  public void close() {
    epoll.close();
    wake.close();
  }
}
