// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import io.criollo.runtime.state.Container;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/// Lets the OCI runtime forget a container soon after it has ended, on a virtual thread, so that
/// its removal, which may come at once or in hours, need not wait for a process. Nothing hangs on
/// it: a removal does what was not done. Thread-safe.
public final class EarlyDeletion {
  private static final System.Logger LOG = System.getLogger(EarlyDeletion.class.getName());

  /// Those who have waited for the end go first: where processors are few, the runtime's process
  /// would take them the time in which they are answered.
  private static final Duration COURTESY = Duration.ofMillis(100);

  private final Runtimes runtimes;
  private final Map<String, Deletion> announced = new ConcurrentHashMap<>();

  private record Deletion(CountDownLatch wanted, FutureTask<Boolean> task) {
    void run() {
      try {
        var _ = wanted.await(COURTESY.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
      task.run();
    }
  }

  public EarlyDeletion(Runtimes runtimes) {
    this.runtimes = runtimes;
  }

  /// Names a container that has ended and whose start has succeeded: while `start` runs, the
  /// runtime still needs what it knows. From now on a removal waits for the deletion.
  ///
  /// @return begins it
  Runnable announce(Container container) {
    var task = new FutureTask<>(() -> delete(container));
    var deletion = new Deletion(new CountDownLatch(1), task);
    if (announced.putIfAbsent(container.hex(), deletion) != null) {
      return () -> {};
    }
    return () -> Thread.ofVirtual().name("delete " + container.hex()).start(deletion::run);
  }

  private boolean delete(Container container) throws InterruptedException {
    try {
      runtimes.of(container).delete(container.hex(), true);
      return true;
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.DEBUG, "{0} is deleted later: {1}", container.id(), e.getMessage());
      return false;
    }
  }

  /// {@return whether the runtime has forgotten the container}, after waiting for its deletion if
  /// that was announced
  boolean done(String id) throws InterruptedException {
    var deletion = announced.get(id);
    if (deletion == null) {
      return false;
    }
    deletion.wanted.countDown();
    try {
      return deletion.task.get();
    } catch (ExecutionException _) {
      return false;
    } finally {
      announced.remove(id);
    }
  }
}
