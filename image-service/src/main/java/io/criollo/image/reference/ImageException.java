// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.reference;

import java.io.Serial;

/// An image operation that could not be done, with the kind that decides the answer to the caller.
public final class ImageException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  /// The text that the kubelet looks for at the start of a message when a registry cannot be
  /// reached.
  public static final String REGISTRY_UNAVAILABLE = "RegistryUnavailable: ";

  /// What went wrong, as far as a caller acts on it.
  public enum Kind {
    NOT_FOUND,
    INVALID_REFERENCE,
    INVALID_CREDENTIALS,
    MISCONFIGURED,
    UNAUTHORIZED,
    UNAVAILABLE,
    IN_USE,
    CORRUPT,
    UNSUPPORTED,
    TOO_LARGE,
    SIGNATURE,
    LOCKED
  }

  private final Kind kind;

  public ImageException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public ImageException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /// {@return an error of kind `UNAVAILABLE` whose text starts as the kubelet expects it}
  public static ImageException unavailable(String detail, Throwable cause) {
    return new ImageException(Kind.UNAVAILABLE, REGISTRY_UNAVAILABLE + detail, cause);
  }

  public Kind kind() {
    return kind;
  }
}
