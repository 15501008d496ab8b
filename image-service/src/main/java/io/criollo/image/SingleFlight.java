// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// Lets callers who want the same thing share one operation. It runs on a thread of its own, so no
/// caller's departure harms the others; when the last one is interrupted, the operation is too.
/// Thread-safe.
final class SingleFlight<K, V> {
  private final String name;
  private final Map<K, Flight<V>> flights = new HashMap<>();

  SingleFlight(String name) {
    this.name = name;
  }

  private static final class Flight<V> {
    private final FutureTask<V> task;
    private int callers;

    Flight(FutureTask<V> task) {
      this.task = task;
    }
  }

  /// {@return what the operation under way for the key, or else a new one, brings}
  V run(K key, Callable<V> operation) throws ExecutionException, InterruptedException {
    var flight = board(key, operation);
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
      if (under == null) {
        under = new Flight<>(new FutureTask<>(operation));
        flights.put(key, under);
        var started = under;
        Thread.ofVirtual().name(name).start(() -> fly(key, started));
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
        flight.task.cancel(true);
      }
    }
  }
}
