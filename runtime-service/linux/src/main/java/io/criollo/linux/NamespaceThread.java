// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// A platform thread that changes its namespaces, and ends with its one piece of work. What changes
/// the state of a namespace asks [#require], so that it can never hit the host's by mistake.
final class NamespaceThread extends Thread {
  private NamespaceThread(String name, Runnable task) {
    super(null, task, name);
    setDaemon(true);
  }

  /// Always waits for the end of the work, so that none goes on unseen. An interrupt of the caller
  /// is passed on to the work, and the caller stays interrupted.
  static <T> T run(String name, Callable<T> work) throws Exception {
    var task = new FutureTask<>(work);
    var thread = new NamespaceThread(name, task);
    thread.start();
    var interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true;
          thread.interrupt();
        }
      }
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case Exception cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw new IllegalStateException(e);
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  static void require(String what) {
    if (!(Thread.currentThread() instanceof NamespaceThread)) {
      throw new IllegalStateException(what + " outside a namespace thread would change the host");
    }
  }
}
