// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.mount;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Deletes trees of files one after the other, on a thread that is there while there is something
/// to delete. What fails, or is under way when the process ends, is left to the next start.
/// Thread-safe.
final class Sweeper {
  private static final System.Logger LOG = System.getLogger(Sweeper.class.getName());

  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          1,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          Thread.ofPlatform().name("sweep").daemon().factory());

  Sweeper() {
    thread.allowCoreThreadTimeOut(true);
  }

  /// Something that deletes.
  @FunctionalInterface
  interface Deletion {
    void run() throws IOException;
  }

  void later(String what, Deletion deletion) {
    thread.execute(() -> run(what, deletion));
  }

  private static void run(String what, Deletion deletion) {
    try {
      deletion.run();
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.WARNING, "files of {0} are deleted later: {1}", what, e.getMessage());
    }
  }
}
