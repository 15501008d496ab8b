// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.oci;

import java.io.IOException;
import java.io.Serial;

/// An OCI runtime failed; the message is its own.
public final class OciRuntimeException extends IOException {
  @Serial private static final long serialVersionUID = 1L;
  private final boolean timedOut;

  OciRuntimeException(String message, boolean timedOut) {
    super(message);
    this.timedOut = timedOut;
  }

  public boolean timedOut() {
    return timedOut;
  }

  /// {@return whether the runtime says that it does not know the container}
  public boolean notFound() {
    String text = String.valueOf(getMessage());
    return text.contains("does not exist") || text.contains("No such file or directory");
  }

  /// {@return whether the runtime says that the container has no process any more}
  public boolean notRunning() {
    String text = String.valueOf(getMessage());
    return text.contains("not running")
        || text.contains("already finished")
        || text.contains("No such process");
  }
}
