// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime;

import io.criollo.runtime.state.Refusal;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Held for as long as a daemon uses its folders; the kernel lets it go when the process dies,
/// however it dies.
final class DaemonLock implements AutoCloseable {
  private final FileChannel file;

  private DaemonLock(FileChannel file) {
    this.file = file;
  }

  /// @throws Refusal.FailedPrecondition when another daemon runs
  static DaemonLock take(Path path) throws IOException {
    var file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (file.tryLock() == null) {
      file.close();
      throw new Refusal.FailedPrecondition("another criollo runs here: it holds " + path);
    }
    return new DaemonLock(file);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
