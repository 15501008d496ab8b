// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.protocol;

import java.io.IOException;
import java.io.Serial;

/// The other side sent what is no message of this protocol.
public final class ProtocolException extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  public ProtocolException(String message) {
    super(message);
  }

  ProtocolException(String message, Throwable cause) {
    super(message, cause);
  }
}
