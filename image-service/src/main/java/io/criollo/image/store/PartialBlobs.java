// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.store;

import io.criollo.image.reference.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/// What has come so far of blobs that are being fetched, one file each. It outlives failed pulls
/// and the daemon, so that the next pull goes on where the last one stopped. Nothing is synced:
/// bytes are believed only once the whole blob has its digest. Thread-safe.
public final class PartialBlobs {
  private static final Duration EVEN_NEW = Duration.ofHours(-1);

  private final Path folder;
  private final Map<Digest, Turn> turns = new HashMap<>();

  /// Who uses one blob's file, and how many want to.
  private static final class Turn {
    private final ReentrantLock lock = new ReentrantLock(true);
    private int users;
  }

  private PartialBlobs(Path folder) {
    this.folder = folder;
  }

  public static PartialBlobs open(Path root) throws IOException {
    return new PartialBlobs(Files.createDirectories(root.resolve("partial")));
  }

  /// Waits until no other thread has the blob's file. The same thread closes what it gets.
  public PartialBlob claim(Digest digest) throws IOException, InterruptedException {
    var turn = board(digest);
    try {
      turn.lock.lockInterruptibly();
    } catch (InterruptedException e) {
      leave(digest, turn);
      throw e;
    }
    try {
      return new PartialBlob(file(digest), last -> release(digest, turn, last));
    } catch (IOException | RuntimeException e) {
      turn.lock.unlock();
      leave(digest, turn);
      throw e;
    }
  }

  private Turn board(Digest digest) {
    synchronized (turns) {
      var turn = turns.computeIfAbsent(digest, _ -> new Turn());
      turn.users++;
      return turn;
    }
  }

  private void leave(Digest digest, Turn turn) {
    synchronized (turns) {
      if (--turn.users == 0) {
        turns.remove(digest);
      }
    }
  }

  /// A blob that nobody else waits for goes when its layer is made. Counted out before the next one
  /// may begin, who would else leave it for this one.
  private void release(Digest digest, Turn turn, boolean used) throws IOException {
    try {
      synchronized (turns) {
        leave(digest, turn);
        if (used && turn.users == 0) {
          Files.deleteIfExists(file(digest));
        }
      }
    } finally {
      turn.lock.unlock();
    }
  }

  /// Removes a blob that nobody uses.
  public void remove(Digest digest) throws IOException {
    synchronized (turns) {
      if (!turns.containsKey(digest)) {
        Files.deleteIfExists(file(digest));
      }
    }
  }

  /// Removes all files that no pull has in use.
  public void sweep() throws IOException {
    sweep(EVEN_NEW);
  }

  /// Removes files that no pull has written to for so long.
  public void sweep(Duration age) throws IOException {
    var before = Instant.now().minus(age);
    for (var file : StoreFiles.list(folder)) {
      synchronized (turns) {
        var used = turns.keySet().stream().anyMatch(digest -> file.equals(file(digest)));
        if (!used
            && Files.exists(file)
            && Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private Path file(Digest digest) {
    return folder.resolve(digest.algorithm() + "-" + digest.hex());
  }
}
