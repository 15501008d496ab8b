// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.reference;

import java.io.IOException;
import java.io.Serial;
import java.time.Duration;

/// An image operation that could not be done, with the kind that decides the answer to the caller.
public final class ImageException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  /// The text that the kubelet looks for at the start of a message when a registry cannot be
  /// reached.
  public static final String REGISTRY_UNAVAILABLE = "RegistryUnavailable: ";

  /// The same when an image is not signed as the policy wants.
  public static final String SIGNATURE_VALIDATION_FAILED = "SignatureValidationFailed: ";

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
    /// Bytes that do not have the digest by which they were asked for: another place may have the
    /// right ones.
    WRONG_BYTES,
    UNSUPPORTED,
    TOO_LARGE,
    /// The node's file system has no space, or a quota of it is used up.
    DISK_FULL,
    SIGNATURE,
    LOCKED
  }

  private final Kind kind;
  private final Duration retryAfter;

  public ImageException(Kind kind, String message) {
    super(message);
    this.kind = kind;
    this.retryAfter = Duration.ZERO;
  }

  public ImageException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.retryAfter = Duration.ZERO;
  }

  private ImageException(String message, Duration retryAfter) {
    super(message);
    this.kind = Kind.UNAVAILABLE;
    this.retryAfter = retryAfter;
  }

  /// {@return an error of kind `UNAVAILABLE` whose text starts as the kubelet expects it}
  public static ImageException unavailable(String detail, Throwable cause) {
    return new ImageException(Kind.UNAVAILABLE, REGISTRY_UNAVAILABLE + detail, cause);
  }

  /// {@return an error of kind `SIGNATURE` whose text starts as the kubelet expects it}
  public static ImageException signature(String detail) {
    return new ImageException(Kind.SIGNATURE, SIGNATURE_VALIDATION_FAILED + detail);
  }

  /// {@return an error of a registry that is there but has no time now}
  ///
  /// @param retryAfter how long it wants to be left alone, zero when it does not say
  public static ImageException busy(String detail, Duration retryAfter) {
    return new ImageException(REGISTRY_UNAVAILABLE + detail, retryAfter);
  }

  /// {@return this refusal in the form in which a stream can throw it}
  public IOException wrapped() {
    return new IOException(getMessage(), this);
  }

  /// {@return an error of a stream, unless that stands for a refusal, which is thrown}
  public static IOException unwrapped(IOException e) throws ImageException {
    if (e.getCause() instanceof ImageException refused) {
      throw refused;
    }
    return e;
  }

  /// {@return how long the registry wants to be left alone}
  public Duration retryAfter() {
    return retryAfter;
  }

  public Kind kind() {
    return kind;
  }
}
