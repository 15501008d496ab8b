// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// The copying threads of one session: closing interrupts them and waits for their end. Used by the
/// session's thread.
final class Pumps implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Pumps.class.getName());
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /// A copy in one direction.
  @FunctionalInterface
  interface Copy {
    void run() throws IOException, InterruptedException;
  }

  Future<?> start(Copy copy) {
    return threads.submit(() -> {
      try {
        copy.run();
        return true;
      } catch (IOException | InterruptedException | RuntimeException e) {
        LOG.log(Level.DEBUG, "copy ended early: {0}", e.toString());
        throw e;
      }
    });
  }

  /// Waits for the end of a copy, be it good or bad.
  static void await(Future<?> copy) throws InterruptedException {
    try {
      copy.get();
    } catch (ExecutionException e) {
      // logged where it happened
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    boolean interrupted = Thread.interrupted();
    try {
      if (!threads.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.log(Level.ERROR, "a copying thread of a streaming session does not end");
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
