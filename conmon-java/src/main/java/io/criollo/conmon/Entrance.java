// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import io.criollo.linux.Errno;
import io.criollo.linux.Fd;
import io.criollo.linux.LinuxException;
import io.criollo.linux.Poller;
import io.criollo.linux.UnixSockets;
import java.time.Duration;
import java.util.Optional;

/// Where connections come in. While it is shut, who comes waits in the listener's queue; and it can
/// be waited for until those who are inside have their answer. One thread serves, any thread shuts.
final class Entrance {
  private final Fd listener;
  private final Poller poller;
  private boolean shut;
  private int inside;

  /// One connection, until it is closed or stays for as long as it likes.
  final class Visit implements AutoCloseable {
    private boolean counted = true;

    /// Nobody waits for it any more.
    void stays() {
      synchronized (Entrance.this) {
        if (counted) {
          counted = false;
          inside--;
          Entrance.this.notifyAll();
        }
      }
    }

    @Override
    public void close() {
      stays();
    }
  }

  /// Somebody who talks to a visitor, on another thread.
  interface Host {
    void receive(Fd connection, Visit visit);
  }

  Entrance(Fd listener) throws LinuxException {
    this.listener = listener;
    this.poller = Poller.open();
    listener.nonBlocking(true);
    poller.add(listener, Poller.IN, 0);
  }

  /// Lets in for ever.
  void serve(Host host) throws LinuxException {
    while (true) {
      var _ = poller.await();
      Optional<Fd> connection = next();
      if (connection.isPresent()) {
        host.receive(connection.get(), new Visit());
      }
    }
  }

  private synchronized Optional<Fd> next() throws LinuxException {
    if (shut) {
      return Optional.empty();
    }
    try {
      Fd connection = UnixSockets.accept(listener);
      inside++;
      return Optional.of(connection);
    } catch (LinuxException e) {
      if (e.is(Errno.EAGAIN, Errno.ECONNABORTED)) { // whoever it was has gone
        return Optional.empty();
      }
      throw e;
    }
  }

  /// Lets nobody in, and waits for those inside.
  ///
  /// @return false when some are still inside
  synchronized boolean shut(Duration patience) throws LinuxException, InterruptedException {
    shut = true;
    poller.modify(listener, 0, 0);
    long end = System.nanoTime() + patience.toNanos();
    for (long left = patience.toMillis();
        inside > 0 && left > 0;
        left = (end - System.nanoTime()) / 1_000_000) {
      wait(left);
    }
    return inside == 0;
  }

  synchronized void open() throws LinuxException {
    shut = false;
    poller.modify(listener, Poller.IN, 0);
  }

  /// {@return what it listens on, which stays owned by whoever made it}
  Fd listener() {
    return listener;
  }
}
