// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.store;

import io.criollo.linux.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Remembers whether the machine went down under a running daemon, as it does when it loses power.
/// Layers are in doubt from then on, until they have been checked. Thread-safe; closed by the
/// store's owner.
public final class Session implements AutoCloseable {
  private final Path file;
  private final String boot;
  private boolean doubtful;
  private boolean open = true;

  /// @param open whether a daemon uses the store
  /// @param doubtful whether layers wait for their check
  private record Noted(int version, String boot, boolean open, boolean doubtful) {}

  private Session(Path file, String boot, boolean doubtful) {
    this.file = file;
    this.boot = boot;
    this.doubtful = doubtful;
  }

  public static Session open(Path root) throws IOException {
    var file = root.resolve("session.json");
    var boot = StagedRecord.currentBoot();
    var doubtful =
        StoreFiles.read(file, Noted.class)
            .map(last -> last.doubtful() || (last.open() && !boot.equals(last.boot())))
            .orElse(Files.exists(file)); // torn: what else may be?
    var session = new Session(file, boot, doubtful);
    session.write();
    return session;
  }

  /// {@return whether layers may have lost what was thought to be on the disk}
  public synchronized boolean isDoubtful() {
    return doubtful;
  }

  /// Says that all layers were checked.
  public synchronized void trusted() throws IOException {
    doubtful = false;
    write();
  }

  private void write() throws IOException {
    AtomicFile.write(file, StoreFiles.bytes(new Noted(StoreFiles.VERSION, boot, open, doubtful)));
  }

  @Override
  public synchronized void close() throws IOException {
    open = false;
    write();
  }
}
