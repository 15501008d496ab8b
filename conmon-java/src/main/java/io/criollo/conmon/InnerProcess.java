// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import io.criollo.conmon.oci.OciRuntime;
import io.criollo.conmon.oci.OciRuntimeSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;

/// The process of an exec inside of a sandbox. On the host there is only one of the runtime that
/// waits for it, and that it does not end with.
///
/// @param pidFile where the runtime writes its pid there, before it says that it runs
record InnerProcess(OciRuntimeSettings runtime, String container, Path pidFile) {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  /// Kills it with its group, if it is still there.
  void kill() throws IOException {
    try {
      long pid = Long.parseLong(Files.readString(pidFile).strip());
      new OciRuntime(runtime).killInside(container, pid, LIMIT);
    } catch (NoSuchFileException _) { // it was not started
      return;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
