// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import io.criollo.linux.Errno;
import io.criollo.linux.Fd;
import io.criollo.linux.LinuxException;
import io.criollo.linux.Poller;
import io.criollo.linux.UnixSockets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// Where connections come in. While it is shut, who comes waits in the listener's queue; and it can
/// be waited for until those who are inside have their answer. What a connection takes may be short
/// for a while: who comes waits for that too. One thread serves, any thread shuts.
final class Entrance {
  /// How long nobody is let in when something is short.
  private static final Duration PAUSE = Duration.ofMillis(100);

  /// How long nothing more is said of that.
  private static final Duration SILENCE = Duration.ofMinutes(1);

  private final Fd listener;
  private final Door door;
  private final Consumer<String> log;
  private final Poller poller;
  private OptionalLong lastTold = OptionalLong.empty();
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

  /// The way in: accept(2), not blocking.
  interface Door {
    Fd accept(Fd listener) throws LinuxException;
  }

  Entrance(Fd listener) throws LinuxException {
    this(listener, UnixSockets::accept, System.err::println);
  }

  /// @param log is told of what is short
  Entrance(Fd listener, Door door, Consumer<String> log) throws LinuxException {
    this.listener = listener;
    this.door = door;
    this.log = log;
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
        receive(connection.get(), host);
      }
    }
  }

  private void receive(Fd connection, Host host) {
    var visit = new Visit();
    try {
      host.receive(connection, visit);
    } catch (OutOfMemoryError e) { // also when there may be no more threads
      visit.close();
      connection.close();
      rest(e);
    }
  }

  private Optional<Fd> next() throws LinuxException {
    try {
      return accept();
    } catch (LinuxException e) {
      if (!e.is(Errno.EMFILE, Errno.ENFILE, Errno.ENOMEM, Errno.ENOBUFS)) {
        throw e;
      }
      rest(e);
      return Optional.empty();
    }
  }

  private void rest(Throwable why) {
    long now = System.nanoTime();
    if (lastTold.isEmpty() || now - lastTold.getAsLong() > SILENCE.toNanos()) {
      lastTold = OptionalLong.of(now);
      log.accept("WARNING the monitor lets nobody in for a moment, then tries again: " + why);
    }
    LockSupport.parkNanos(PAUSE.toNanos());
  }

  private synchronized Optional<Fd> accept() throws LinuxException {
    if (shut) {
      return Optional.empty();
    }
    try {
      Fd connection = door.accept(listener);
      inside++;
      return Optional.of(connection);
    } catch (LinuxException e) {
      if (e.is(Errno.EAGAIN, Errno.ECONNABORTED, Errno.EINTR)) { // whoever it was has gone
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
