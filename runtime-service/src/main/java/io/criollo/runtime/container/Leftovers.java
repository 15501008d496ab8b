// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import io.criollo.runtime.state.Container;
import io.criollo.runtime.state.PodId;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/// What containers leave that are removed already: taken away on a virtual thread each. The removal
/// of their pod waits for that, and tries again what failed. Thread-safe.
final class Leftovers {
  private static final System.Logger LOG = System.getLogger(Leftovers.class.getName());

  /// Who asked for the removal is answered first: where processors are few, the OCI runtime's
  /// process would take that time.
  private static final Duration COURTESY = Duration.ofMillis(50);

  private final Removal removal;
  private final List<Leftover> all = new CopyOnWriteArrayList<>();

  private record Leftover(Container container, FutureTask<Boolean> task) {}

  /// Takes away what is left of a container; can be repeated.
  @FunctionalInterface
  interface Removal {
    void of(Container container) throws Exception;
  }

  Leftovers(Removal removal) {
    this.removal = removal;
  }

  /// Begins to take away what is left of a container.
  void remove(Container container) {
    var leftover = new Leftover(container, new FutureTask<>(() -> attempt(container)));
    all.add(leftover);
    Thread.ofVirtual().name("leftovers of " + container.hex()).start(() -> run(leftover));
  }

  private void run(Leftover leftover) {
    try {
      Thread.sleep(COURTESY);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    leftover.task.run();
    if (leftover.task.state() == Future.State.SUCCESS && leftover.task.resultNow()) {
      all.remove(leftover);
    }
  }

  private boolean attempt(Container container) throws InterruptedException {
    try {
      removal.of(container);
      return true;
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      LOG.log(
          Level.WARNING,
          "some of removed container {0} stays until its pod is removed: {1}",
          container.id(),
          e.getMessage());
      return false;
    }
  }

  /// Waits until nothing is left of a pod's removed containers.
  void finish(PodId pod) throws Exception {
    for (var leftover : List.copyOf(all)) {
      if (leftover.container.pod().equals(pod)) {
        leftover.task.run();
        if (!leftover.task.get()) {
          removal.of(leftover.container); // throws what is wrong now
        }
        all.remove(leftover);
      }
    }
  }
}
