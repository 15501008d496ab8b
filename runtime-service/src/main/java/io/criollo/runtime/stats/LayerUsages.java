// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.stats;

import io.criollo.image.Images;
import io.criollo.image.mount.FsUsage;
import io.criollo.image.reference.ImageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/// What containers have written to their own layers. Where the file system does not count for each,
/// a tree of files must be walked to know it, so an answer stays good for [#PATIENCE] times as long
/// as the walk has taken: small trees are always fresh, and large ones never cost more than that
/// part of a CPU. Thread-safe.
public final class LayerUsages {
  private static final long PATIENCE = 20;

  private final Images images;
  private final ConcurrentHashMap<String, Walk> walks = new ConcurrentHashMap<>();

  public LayerUsages(Images images) {
    this.images = images;
  }

  /// {@return the folder by which clients know the file system of the layers}
  public Path mountpoint() {
    return images.imageFsInfo().containerMountpoint();
  }

  /// {@return what a container has written, with the time of the walk}
  public FsUsage of(String container) throws IOException, ImageException {
    return walks.computeIfAbsent(container, _ -> new Walk()).usage(container);
  }

  /// Forgets every container but these.
  void keep(Set<String> containers) {
    walks.keySet().retainAll(containers);
  }

  /// The last walk through one layer. Who asks while it is walked waits for the result.
  private final class Walk {
    private final ReentrantLock lock = new ReentrantLock();
    private FsUsage last = new FsUsage(mountpoint(), 0, 0, java.time.Instant.EPOCH);
    private long goodUntil = Long.MIN_VALUE;

    FsUsage usage(String container) throws IOException, ImageException {
      lock.lock();
      try {
        long begin = System.nanoTime();
        if (goodUntil == Long.MIN_VALUE || begin - goodUntil > 0) {
          last = images.rootFilesystems().usage(container);
          long end = System.nanoTime();
          goodUntil = end + PATIENCE * (end - begin);
        }
        return last;
      } finally {
        lock.unlock();
      }
    }
  }
}
