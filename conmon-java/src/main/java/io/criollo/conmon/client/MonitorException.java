// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.client;

import io.criollo.conmon.protocol.FailureKind;
import java.io.Serial;

/// The monitor refused, failed, or is not there.
public final class MonitorException extends Exception {
  @Serial private static final long serialVersionUID = 1L;
  private final FailureKind kind;

  public MonitorException(FailureKind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public MonitorException(FailureKind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public FailureKind kind() {
    return kind;
  }
}
