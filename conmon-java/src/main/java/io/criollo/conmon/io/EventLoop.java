// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.io;

import io.criollo.linux.Fd;
import io.criollo.linux.LinuxException;
import io.criollo.linux.Poller;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// The one I/O thread of the monitor: readiness of descriptors, timers, and calls from other
/// threads, one after the other, for as long as the process lives. What it runs must not block.
/// [#call] and [#submit] are for any thread, the rest for the loop's own.
public final class EventLoop {
  /// How long an unfinished line may wait for its end.
  public static final Duration QUIET = Duration.ofMillis(100);

  /// How long a descriptor whose handler failed is left alone.
  private static final Duration PENANCE = Duration.ofSeconds(1);

  /// Something that may fail for one descriptor without harm to others.
  @FunctionalInterface
  public interface Action {
    void run() throws IOException;
  }

  private record Watch(Fd fd, int interest, Action action) {}

  private record Timer(long at, Action action) {}

  private final Poller poller;
  private final Map<Long, Watch> watches = new HashMap<>();
  private final Map<Fd, Long> tokens = new HashMap<>();
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>((a, b) -> Long.signum(a.at() - b.at()));
  private final Queue<Runnable> calls = new ConcurrentLinkedQueue<>();
  private final Pace pace = new Pace();
  private final Thread thread;
  private long lastToken;

  private EventLoop(Poller poller) {
    this.poller = poller;
    this.thread =
        Thread.ofPlatform()
            .daemon()
            .name("monitor-io")
            .uncaughtExceptionHandler((_, e) -> died(e))
            .unstarted(this::run);
  }

  public static EventLoop start() throws LinuxException {
    var loop = new EventLoop(Poller.open());
    loop.thread.start();
    return loop;
  }

  /// Runs `action` whenever the descriptor is readable.
  public void watch(Fd fd, Action action) throws LinuxException {
    watch(fd, Poller.IN, action);
  }

  public void watch(Fd fd, int interest, Action action) throws LinuxException {
    unwatch(fd);
    long token = ++lastToken;
    poller.add(fd, interest, token);
    tokens.put(fd, token);
    watches.put(token, new Watch(fd, interest, action));
  }

  /// Stops watching; call it before closing the descriptor.
  public void unwatch(Fd fd) {
    Long token = tokens.remove(fd);
    if (token != null) {
      watches.remove(token);
      try {
        poller.remove(fd);
      } catch (LinuxException e) {
        report("stop watching " + fd, e);
      }
    }
  }

  public void after(Duration delay, Action action) {
    timers.add(new Timer(System.nanoTime() + delay.toNanos(), action));
  }

  /// Runs something on the loop and gives its result. Not from the loop itself.
  public <T> T call(Callable<T> work) throws IOException, InterruptedException {
    var task = new FutureTask<>(work);
    submit(task);
    try {
      return task.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  public void submit(Runnable work) throws IOException {
    calls.add(work);
    poller.wake();
  }

  private void run() {
    while (true) {
      try {
        int count = await();
        pace.woken();
        dispatch(count);
        pace.done();
      } catch (LinuxException e) {
        report("wait for events", e);
      }
      for (Runnable call = calls.poll(); call != null; call = calls.poll()) {
        call.run();
      }
      runTimers();
    }
  }

  private int await() throws LinuxException {
    Timer next = timers.peek();
    if (next == null) {
      return poller.await();
    }
    return poller.await(Duration.ofNanos(Math.max(next.at() - System.nanoTime(), 0)));
  }

  private void dispatch(int count) {
    for (int i = 0; i < count; i++) {
      long token = poller.token(i);
      Watch watch = watches.get(token);
      if (watch != null && !perform(watch.action())) {
        pause(token, watch);
      }
    }
  }

  private void runTimers() {
    long now = System.nanoTime();
    for (Timer next = timers.peek(); next != null && next.at() - now <= 0; next = timers.peek()) {
      timers.remove();
      perform(next.action());
    }
  }

  private static boolean perform(Action action) {
    try {
      action.run();
      return true;
    } catch (IOException | RuntimeException e) {
      report("handle an event", e);
      return false;
    }
  }

  private void pause(long token, Watch watch) {
    if (watches.containsKey(token)) {
      perform(() -> poller.modify(watch.fd(), 0, token));
      after(PENANCE, () -> resume(token, watch));
    }
  }

  private void resume(long token, Watch watch) throws LinuxException {
    if (watches.containsKey(token)) {
      poller.modify(watch.fd(), watch.interest(), token);
    }
  }

  /// Without its I/O thread a monitor answers and does nothing; the daemon starts another.
  private static void died(Throwable e) {
    System.err.println("ERROR the I/O thread has died: " + e);
    Runtime.getRuntime().halt(1);
  }

  private static void report(String what, Exception e) {
    System.err.println("ERROR cannot " + what + ": " + e);
  }
}
