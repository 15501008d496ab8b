// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.oci;

import java.io.IOException;
import java.io.Serial;

/// An OCI runtime failed; the message is its own.
public final class OciRuntimeException extends IOException {
  @Serial private static final long serialVersionUID = 1L;
  private final Kind kind;

  enum Kind {
    REFUSED,
    TIMED_OUT,
    BROKEN_PIPE
  }

  OciRuntimeException(String message, Kind kind) {
    super(message);
    this.kind = kind;
  }

  public boolean timedOut() {
    return kind == Kind.TIMED_OUT;
  }

  /// {@return whether SIGPIPE ended the runtime, as crun when a hook ends before it has read its
  /// input}
  public boolean brokenPipe() {
    return kind == Kind.BROKEN_PIPE;
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
