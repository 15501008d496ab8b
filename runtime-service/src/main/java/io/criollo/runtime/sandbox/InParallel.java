// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.sandbox;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// The same action on several objects at once, each on a virtual thread.
final class InParallel {
  private InParallel() {}

  /// An action on one object.
  @FunctionalInterface
  interface Action<T> {
    void on(T object) throws Exception;
  }

  /// Waits for all; throws the first failure with the others suppressed in it.
  static <T> void run(List<T> objects, Action<T> action) throws Exception {
    var running = new ArrayList<Future<?>>();
    Exception first = null;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var object : objects) {
        running.add(
            threads.submit(() -> {
              action.on(object);
              return true;
            }));
      }
      for (var one : running) {
        try {
          one.get();
        } catch (ExecutionException e) {
          var failure = e.getCause() instanceof Exception cause ? cause : e;
          if (first == null) {
            first = failure;
          } else {
            first.addSuppressed(failure);
          }
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
