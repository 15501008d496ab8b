// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.store;

import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Keeps a second daemon away from a store, for as long as this one lives. Closed by the store's
/// owner.
public final class StoreLock implements AutoCloseable {
  private final FileChannel channel;

  private StoreLock(FileChannel channel) {
    this.channel = channel;
  }

  public static StoreLock acquire(Path file) throws IOException, ImageException {
    var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return new StoreLock(channel);
      }
    } catch (OverlappingFileLockException e) {
      // the same process has it: as much a second daemon as any other
    }
    channel.close();
    throw new ImageException(
        Kind.LOCKED, "image store is used by another process: it holds " + file);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
