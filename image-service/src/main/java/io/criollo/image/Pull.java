// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import io.criollo.image.PullStatus.LayerStatus;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// One pull under way. A thread of its own measures its rate once a second, and writes to the log
/// how far it is when it takes long. Closed by who pulls.
final class Pull implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Pull.class.getName());
  private static final int SECONDS_BETWEEN_LINES = 10;
  private static final int SECONDS_OF_RATE = 3;

  private final String reference;
  private final Consumer<Pull> atEnd;
  private final Instant since = Instant.now();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile Supplier<List<LayerStatus>> layers = List::of;
  private volatile long bytesPerSecond;

  Pull(String reference, Consumer<Pull> atEnd) {
    this.reference = reference;
    this.atEnd = atEnd;
  }

  /// Says where to ask how far its layers are.
  void layers(Supplier<List<LayerStatus>> now) {
    layers = now;
  }

  PullStatus status() {
    return new PullStatus(reference, since, bytesPerSecond, layers.get());
  }

  void watch() {
    Thread.ofVirtual().name("progress").start(this::measure);
  }

  private void measure() {
    var seen = new long[SECONDS_OF_RATE];
    try {
      for (int second = 0; !ended.await(1, TimeUnit.SECONDS); second++) {
        var here = status().here();
        var span = Math.min(second + 1, SECONDS_OF_RATE);
        bytesPerSecond = Math.max(here - seen[second % SECONDS_OF_RATE], 0) / span;
        seen[second % SECONDS_OF_RATE] = here;
        if (second % SECONDS_BETWEEN_LINES == SECONDS_BETWEEN_LINES - 1) {
          LOG.log(Level.INFO, status());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    ended.countDown();
    atEnd.accept(this);
  }
}
