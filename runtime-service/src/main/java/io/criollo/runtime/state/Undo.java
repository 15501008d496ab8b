// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.state;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/// The steps back of an operation, in reverse order. Used by one thread in a {@code try (var undo =
/// new Undo())}: unless [#keep] was called, closing runs all of them; the failures are suppressed
/// into the exception that ended the operation.
public final class Undo implements AutoCloseable {
  private record Named(String what, Step step) {}

  private final Deque<Named> steps = new ArrayDeque<>();

  /// One step back.
  @FunctionalInterface
  public interface Step {
    void run() throws Exception;
  }

  /// Adds a step; {@code what} is verb and object, for the text of a failure.
  public void add(String what, Step step) {
    steps.push(new Named(what, step));
  }

  /// The operation succeeded: nothing is taken back.
  public void keep() {
    steps.clear();
  }

  @Override
  public void close() throws IOException {
    IOException first = null;
    while (!steps.isEmpty()) {
      var step = steps.pop();
      try {
        step.step.run();
      } catch (Exception e) {
        if (e instanceof InterruptedException) {
          Thread.currentThread().interrupt();
        }
        var failure = new IOException(step.what + ": " + e.getMessage(), e);
        if (first == null) {
          first = failure;
        } else {
          first.addSuppressed(failure);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
