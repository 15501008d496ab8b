// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
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
  /// caller's, what this one brings
  V runAtLeastOwn(K key, Callable<V> operation) throws ExecutionException, InterruptedException {
    while (true) {
      var flight = board(key, operation);
      try {
        return wait(key, flight);
      } catch (ExecutionException e) {
        if (flight.operation.equals(operation)) {
          throw e;
        }
      }
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
