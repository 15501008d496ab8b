// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;

/// Lets callers who want the same thing share one operation. It runs on a thread of its own, so no
/// caller's departure harms the others; when the last one is interrupted, the operation is too.
/// Thread-safe.
final class SingleFlight<K, V> {
  private final ThreadFactory threads;
  private final Map<K, Flight<V>> flights = new HashMap<>();

  SingleFlight(ThreadFactory threads) {
    this.threads = threads;
  }

  private static final class Flight<V> {
    private final Callable<V> operation;
    private final FutureTask<V> task;
    private final CountDownLatch ended = new CountDownLatch(1);
    private int callers;

    Flight(Callable<V> operation) {
      this.operation = operation;
      this.task = new FutureTask<>(operation);
    }
  }

  /// {@return what the operation under way for the key, or else a new one, brings}
  V run(K key, Callable<V> operation) throws ExecutionException, InterruptedException {
    return wait(key, board(key, operation));
  }

  /// {@return what the operation under way for the key brings}; when it fails, and it was another
  /// caller's, what this one brings. A caller who is interrupted, and was the last, leaves once the
  /// operation has ended too: nothing is done for him any more.
  V runAtLeastOwn(K key, Callable<V> operation) throws ExecutionException, InterruptedException {
    while (true) {
      var flight = board(key, operation);
      try {
        return wait(key, flight);
      } catch (InterruptedException e) {
        if (isAbandoned(flight)) {
          awaitEnd(flight);
        }
        throw e;
      } catch (ExecutionException e) {
        if (flight.operation.equals(operation)) {
          throw e;
        }
      }
    }
  }

  private boolean isAbandoned(Flight<V> flight) {
    synchronized (flights) {
      return flight.callers == 0;
    }
  }

  private static void awaitEnd(Flight<?> flight) {
    boolean interrupted = false;
    while (true) {
      try {
        flight.ended.await();
        break;
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private V wait(K key, Flight<V> flight) throws ExecutionException, InterruptedException {
    try {
      return flight.task.get();
    } catch (CancellationException e) {
      throw new ExecutionException("operation was cancelled", e);
    } finally {
      leave(key, flight);
    }
  }

  private Flight<V> board(K key, Callable<V> operation) {
    synchronized (flights) {
      var under = flights.get(key);
      if (under == null || under.task.isDone()) {
        var started = new Flight<>(operation);
        flights.put(key, started);
        threads.newThread(() -> fly(key, started)).start();
        under = started;
      }
      under.callers++;
      return under;
    }
  }

  private void fly(K key, Flight<V> flight) {
    try {
      flight.task.run();
    } finally {
      flight.ended.countDown();
      synchronized (flights) {
        flights.remove(key, flight);
      }
    }
  }

  private void leave(K key, Flight<V> flight) {
    synchronized (flights) {
      if (--flight.callers == 0) {
        flights.remove(key, flight);
        var _ = flight.task.cancel(true);
      }
    }
  }
}
