// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.client;

import io.criollo.conmon.protocol.ExitRecord;
import io.criollo.conmon.protocol.Frame;
import io.criollo.conmon.protocol.Request;
import io.criollo.conmon.protocol.Wire;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedChannelException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The one thread that hears of exits. As it reads all the time, it is also the first to see that
/// the monitor has died, and has a new one started at once.
final class ExitThread implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("io.criollo.conmon");
  private static final long PAUSE_SECONDS = 1;

  private final MonitorKeeper keeper;
  private final ExitListener listener;
  private final Replaced replaced;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition closing = lock.newCondition();
  private Optional<Wire> current = Optional.empty();
  private final Set<String> refused = new HashSet<>();
  private boolean ending;
  private boolean closed;

  /// What is to be done when another monitor answers, or the same process with another program.
  @FunctionalInterface
  interface Replaced {
    void run() throws MonitorException;
  }

  ExitThread(MonitorKeeper keeper, ExitListener listener, Replaced replaced) {
    this.replaced = replaced;
    this.keeper = keeper;
    this.listener = listener;
    this.thread =
        Thread.ofPlatform()
            .daemon()
            .name("container-exits")
            .uncaughtExceptionHandler((_, e) -> died(e))
            .unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    boolean first = true;
    while (!isClosed()) {
      try (Wire wire = keeper.begin(new Request.Subscribe())) {
        if (use(wire)) {
          if (!first) {
            replaced();
          }
          first = false;
          ending = false;
          listen(wire);
        }
      } catch (ClosedChannelException e) {
        LOG.log(Level.DEBUG, "connection ended by the daemon", e);
      } catch (IOException e) {
        LOG.log(Level.WARNING, "the monitor is gone: " + e.getMessage());
      } catch (MonitorException e) {
        LOG.log(Level.ERROR, "no monitor: " + e.getMessage());
        pause();
      }
    }
  }

  private void replaced() throws MonitorException {
    try {
      replaced.run();
    } catch (RuntimeException e) { // exits are still to be heard of
      LOG.log(Level.ERROR, "not all is well after a change of the monitor", e);
    }
  }

  /// Without it the daemon would answer and hear of no end; another one takes over.
  private static void died(Throwable e) {
    LOG.log(Level.ERROR, "the thread that hears of exits has died", e);
    Runtime.getRuntime().halt(1);
  }

  private boolean isClosed() {
    return !use(Optional.empty());
  }

  private boolean use(Wire wire) {
    return use(Optional.of(wire));
  }

  private boolean use(Optional<Wire> wire) {
    lock.lock();
    try {
      current = wire;
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  private void listen(Wire wire) throws IOException {
    for (Optional<Frame> frame = wire.receive(); frame.isPresent(); frame = wire.receive()) {
      if (frame.get() instanceof Frame.Text(ExitRecord exit)) {
        hear(wire, exit);
      }
    }
  }

  /// What the listener could not take is told again by the next connection, a moment later.
  private void hear(Wire wire, ExitRecord exit) throws IOException {
    try {
      listener.exited(exit);
    } catch (RuntimeException e) {
      if (!ending) {
        ending = true;
        Thread.ofVirtual().name("container-exits-again").start(() -> end(wire));
      }
      if (refused.add(exit.containerId())) {
        LOG.log(Level.ERROR, "exit of " + exit.containerId() + " was not taken", e);
      }
      return;
    }
    refused.remove(exit.containerId());
    wire.send(new Request.Acknowledge(exit.containerId()));
  }

  private void end(Wire wire) {
    pause();
    try {
      wire.close();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "end a connection to the monitor", e);
    }
  }

  private void pause() {
    lock.lock();
    try {
      long left = TimeUnit.SECONDS.toNanos(PAUSE_SECONDS);
      while (!closed && left > 0) {
        left = closing.awaitNanos(left);
      }
    } catch (InterruptedException _) {
      closed = true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      closed = true;
      closing.signalAll();
      if (current.isPresent()) {
        current.get().close();
      }
    } finally {
      lock.unlock();
    }
  }
}
