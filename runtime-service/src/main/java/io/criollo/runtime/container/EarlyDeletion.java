// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import io.criollo.runtime.state.Container;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Lets the OCI runtime forget a container as soon as it has ended, on a virtual thread, so that
/// its removal, which may come at once or in hours, need not wait for a process. Nothing hangs on
/// it: a removal does what was not done. Thread-safe.
public final class EarlyDeletion {
  private static final System.Logger LOG = System.getLogger(EarlyDeletion.class.getName());

  /// How long a stop waits for a runtime that takes long to delete.
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Runtimes runtimes;
  private final Map<String, FutureTask<Boolean>> begun = new ConcurrentHashMap<>();

  public EarlyDeletion(Runtimes runtimes) {
    this.runtimes = runtimes;
  }

  /// Names a container that has ended and whose start has succeeded: while `start` runs, the
  /// runtime still needs what it knows. From now on a removal waits for the deletion.
  ///
  /// @return begins it
  Runnable announce(Container container) {
    var task = new FutureTask<>(() -> delete(container));
    if (begun.putIfAbsent(container.hex(), task) != null) {
      return () -> {};
    }
    return () -> Thread.ofVirtual().name("delete " + container.hex()).start(task);
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

  /// Waits a while for a deletion that has begun; whether it succeeded is for the removal to see.
  void await(String id) throws InterruptedException {
    var task = begun.get(id);
    if (task == null) {
      return;
    }
    try {
      var _ = task.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.log(Level.DEBUG, "deletion of {0} is not waited for: {1}", id, e);
    }
  }

  /// {@return whether the runtime has forgotten the container}, after waiting for what is under way
  boolean done(String id) throws InterruptedException {
    var task = begun.get(id);
    try {
      return task != null && task.get();
    } catch (ExecutionException _) {
      return false;
    } finally {
      begun.remove(id);
    }
  }
}
