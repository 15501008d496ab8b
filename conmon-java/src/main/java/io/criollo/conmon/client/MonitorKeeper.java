// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.client;

import io.criollo.conmon.protocol.CreateRequest;
import io.criollo.conmon.protocol.ExecRequest;
import io.criollo.conmon.protocol.FailureKind;
import io.criollo.conmon.protocol.Reply;
import io.criollo.conmon.protocol.Request;
import io.criollo.conmon.protocol.Wire;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/// Sees that a monitor answers: a request that finds none starts one. Thread-safe.
final class MonitorKeeper {
  /// How long another monitor may take to come up or to vanish.
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Duration LOOK = Duration.ofMillis(20);
  private final MonitorSettings settings;
  private final Runnable restarted;
  private final ReentrantLock starting = new ReentrantLock();
  private Optional<MonitorProcess> started = Optional.empty();

  /// @param restarted runs when a new monitor answers
  MonitorKeeper(MonitorSettings settings, Runnable restarted) {
    this.settings = settings;
    this.restarted = restarted;
  }

  MonitorSettings settings() {
    return settings;
  }

  @FunctionalInterface
  private interface Attempt<T> {
    T run() throws IOException, MonitorException;
  }

  Reply ask(Request request) throws MonitorException {
    return attempt(request, () -> Requests.ask(settings.socket(), request));
  }

  /// On a thread of its own: an interrupt would close the connection before the monitor is told.
  int exec(ExecRequest request, ExecOutput output) throws MonitorException {
    var exec = new CollectedExec(settings.socket(), request, output);
    var task = new FutureTask<>(() -> attempt(request, exec::collect));
    var collector = Thread.ofVirtual().name("exec-sync").start(task);
    try {
      return task.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof MonitorException refused) {
        throw refused;
      }
      throw new IllegalStateException("exec failed", e);
    } catch (InterruptedException e) {
      exec.leave();
      collector.interrupt();
      Thread.currentThread().interrupt();
      throw new MonitorException(
          FailureKind.UNAVAILABLE, "the caller has left, so the command is ended", e);
    }
  }

  Session session(Request request) throws MonitorException {
    return attempt(request, () -> Requests.session(settings.socket(), request));
  }

  Wire begin(Request request) throws MonitorException {
    return attempt(request, () -> Requests.begin(settings.socket(), request));
  }

  /// Once more when nobody was there, or when asking twice does no harm.
  private <T> T attempt(Request request, Attempt<T> attempt) throws MonitorException {
    try {
      return attempt.run();
    } catch (IOException e) {
      if (!refused(e) && !repeatable(request)) {
        throw new MonitorException(
            FailureKind.UNAVAILABLE, "the monitor died while it answered", e);
      }
    }
    start();
    try {
      return attempt.run();
    } catch (IOException e) {
      throw new MonitorException(FailureKind.UNAVAILABLE, "the monitor does not answer", e);
    }
  }

  private static boolean repeatable(Request request) {
    return switch (request) {
      case CreateRequest _, Request.Run _, ExecRequest _, Request.ExecStream _ -> false;
      case Request _ -> true;
    };
  }

  private static boolean refused(IOException e) {
    return e instanceof ConnectException
        || e instanceof NoSuchFileException
        || (e instanceof SocketException
            && String.valueOf(e.getMessage()).contains("No such file"));
  }

  private void start() throws MonitorException {
    long begin = System.nanoTime();
    starting.lock();
    try {
      while (!answers() && !startedOne()) {
        if (System.nanoTime() - begin > PATIENCE.toNanos()) {
          throw new IOException(
              "for " + PATIENCE + " another one ran that does not answer, or each one was killed");
        }
        LockSupport.parkNanos(LOOK.toNanos());
      }
    } catch (IOException e) {
      throw new MonitorException(
          FailureKind.UNAVAILABLE, "cannot start the monitor: " + e.getMessage(), e);
    } finally {
      starting.unlock();
    }
  }

  private boolean answers() throws MonitorException {
    try {
      var _ = Requests.ask(settings.socket(), new Request.ListContainers());
      return true;
    } catch (IOException _) { // nobody is there
      return false;
    }
  }

  private boolean startedOne() throws IOException {
    Optional<MonitorProcess> process = onPlatformThread();
    started = process.or(() -> started);
    return process.isPresent();
  }

  private Optional<MonitorProcess> restart() throws IOException {
    if (started.isPresent()) {
      started.get().reap();
      started.get().close();
      started = Optional.empty();
    }
    Optional<MonitorProcess> process = MonitorProcess.start(settings);
    if (process.isPresent()) {
      restarted.run();
    }
    return process;
  }

  /// Starting blocks in system calls, and the caller may be a virtual thread.
  private Optional<MonitorProcess> onPlatformThread() throws IOException {
    var task = new FutureTask<>(this::restart);
    Thread.ofPlatform().name("monitor-start").start(task);
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the monitor started", e);
    }
  }
}
