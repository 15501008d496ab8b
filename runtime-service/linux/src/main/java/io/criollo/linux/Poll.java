// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;

/// ppoll(2) over a few descriptors. Blocks: platform threads.
final class Poll {
  static final short IN = 1;
  static final short OUT = 4;
  static final short ERR = 8;
  static final short HUP = 16;

  private Poll() {}

  /// {@return whether one of `events` (or an error or hang-up) came for `fd` in time}
  static boolean await(Fd fd, short events, Duration timeout) throws LinuxException {
    try (var arena = Arena.ofConfined()) {
      var polled = arena.allocate(8, 4);
      var number = fd.acquire();
      try {
        set(polled, 0, number, events);
        return wait(polled, 1, deadline(timeout)) > 0;
      } finally {
        fd.release();
      }
    }
  }

  /// Fills entry `index` of an array of `struct pollfd { int fd; short events; short revents; }`; a
  /// negative descriptor is passed over.
  static void set(MemorySegment polled, int index, int fd, short events) {
    polled.set(ValueLayout.JAVA_INT, 8L * index, fd);
    polled.set(ValueLayout.JAVA_SHORT, 8L * index + 4, events);
    polled.set(ValueLayout.JAVA_SHORT, 8L * index + 6, (short) 0);
  }

  static short got(MemorySegment polled, int index) {
    return polled.get(ValueLayout.JAVA_SHORT, 8L * index + 6);
  }

  /// {@return the `nanoTime` at which `timeout` is over, at most a year from now}
  static long deadline(Duration timeout) {
    var longest = Duration.ofDays(365);
    return System.nanoTime() + (timeout.compareTo(longest) > 0 ? longest : timeout).toNanos();
  }

  /// {@return how many descriptors have events; 0 after the deadline}
  static int wait(MemorySegment polled, int count, long deadline) throws LinuxException {
    try (var arena = Arena.ofConfined()) {
      var timespec = arena.allocate(16, 8);
      while (true) {
        var left = Math.max(deadline - System.nanoTime(), 0);
        timespec.set(ValueLayout.JAVA_LONG, 0, left / 1_000_000_000);
        timespec.set(ValueLayout.JAVA_LONG, 8, left % 1_000_000_000);
        var result = Syscall.PPOLL.callOnce(polled.address(), count, timespec.address(), 0, 0, 0);
        if (result < 0 && result != -Errno.EINTR) {
          throw Syscall.PPOLL.failed(result, "poll");
        }
        if (result >= 0) {
          return (int) result;
        }
      }
    }
  }
}
