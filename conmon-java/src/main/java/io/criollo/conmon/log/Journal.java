// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.log;

import io.criollo.linux.Fd;
import io.criollo.linux.LinuxException;
import io.criollo.linux.UnixSockets;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Copies of log entries on their way to journald: a bounded queue, and a thread that waits for
/// journald where the I/O thread must not. What does not fit is counted, never waited for. Any
/// thread; lives as long as the process.
final class Journal {
  /// Where systemd-journald(8) reads datagrams, unless a test has one of its own.
  static final Path SOCKET =
      Path.of(System.getProperty("criollo.journal", "/run/systemd/journal/socket"));

  private static final int MOST = 1 << 20;
  private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private record Copy(JournalStream stream, ByteBuffer entries) {}

  private final Path path;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<Copy> queue = new ArrayDeque<>();
  private final ByteBuffer message = ByteBuffer.allocateDirect(JournalStream.LONGEST);
  private int queued;
  private boolean started;
  private Optional<Fd> socket = Optional.empty();

  Journal(Path path) {
    this.path = path;
  }

  /// Takes a copy of whole entries.
  ///
  /// @return how many it has no room for: none or all
  long offer(JournalStream stream, ByteBuffer entries) {
    lock.lock();
    try {
      if (queued + entries.remaining() > MOST) {
        return JournalStream.count(entries);
      }
      byte[] copy = new byte[entries.remaining()];
      entries.get(entries.position(), copy);
      queue.add(new Copy(stream, ByteBuffer.wrap(copy)));
      queued += copy.length;
      changed.signal();
      if (!started) {
        started = true;
        Thread.ofPlatform().daemon().name("monitor-journal").start(this::run);
      }
      return 0;
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      while (true) {
        Copy next = next();
        next.stream.messages(next.entries, message, this::send);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private Copy next() throws InterruptedException {
    lock.lock();
    try {
      while (queue.isEmpty()) {
        changed.await();
      }
      Copy next = queue.remove();
      queued -= next.entries.remaining();
      return next;
    } finally {
      lock.unlock();
    }
  }

  /// Until journald has it: it may be restarted meanwhile.
  private void send(ByteBuffer bytes) throws InterruptedException {
    boolean sent = false;
    while (!sent) {
      try {
        if (socket.isEmpty()) {
          socket = Optional.of(UnixSockets.connectDatagram(path));
        }
        sent = UnixSockets.send(socket.get(), bytes.duplicate(), List.of()) > 0;
      } catch (LinuxException e) {
        if (socket.isEmpty()) {
          pause();
        } else {
          socket.get().close();
          socket = Optional.empty();
        }
      }
    }
  }

  private void pause() throws InterruptedException {
    lock.lock();
    try {
      for (long left = AGAIN_NANOS; left > 0; left = changed.awaitNanos(left)) {}
    } finally {
      lock.unlock();
    }
  }
}
