// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import io.criollo.image.CheckImages.Wish;
import io.criollo.image.reference.ImageException;
import io.criollo.image.seal.Pace;
import io.criollo.image.seal.SealCheck.Depth;
import io.criollo.image.store.Session;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger.Level;
import java.time.Duration;

/// Checks all images when the machine went down under the daemon, as with a loss of power: first
/// what is seen without reading content, then all of it, slowly, on a thread of its own. What is
/// broken is taken out. One that is closed before it is through begins anew with the next daemon.
public final class Scrub implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Scrub.class.getName());
  private static final long BYTES_PER_SECOND = 64 << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final CheckImages checkImages;
  private final Session session;
  private final Pace pace = Pace.ofBytesPerSecond(BYTES_PER_SECOND);
  private final Thread thread = Thread.ofPlatform().daemon().name("scrub").unstarted(this::run);

  Scrub(CheckImages checkImages, Session session) {
    this.checkImages = checkImages;
    this.session = session;
  }

  /// Begins, if there is a reason; does not wait.
  public void start() {
    if (session.isDoubtful()) {
      LOG.log(Level.WARNING, "the machine went down under the last daemon: images are checked");
      thread.start();
    }
  }

  private void run() {
    try {
      int broken = all(Depth.QUICK) + all(Depth.WHOLE);
      session.trusted();
      LOG.log(Level.INFO, "images are checked: {0} things were broken", broken);
    } catch (InterruptedIOException closed) {
      LOG.log(Level.INFO, "check of images goes on with the next daemon");
    } catch (IOException | ImageException e) {
      LOG.log(Level.WARNING, "check of images ended early: {0}", e.getMessage());
    }
  }

  private int all(Depth depth) throws IOException, ImageException {
    var check = checkImages.begin(new Wish(depth, true), pace);
    int broken = 0;
    for (var next = check.next(); next.isPresent(); next = check.next()) {
      broken += next.get().fault().isPresent() ? 1 : 0;
    }
    return broken;
  }

  /// Waits until the file that is being read is let go.
  @Override
  public void close() {
    pace.close();
    try {
      if (thread.isAlive() && !thread.join(PATIENCE)) {
        LOG.log(Level.WARNING, "check of images does not end: {0}", thread.getState());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
