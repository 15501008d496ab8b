// SPDX-License-Identifier: Apache-2.0
package io.criollo.cni;

/// An operation on a network that was refused or failed. The codes are those of the CNI
/// specification ("Error"): 1–99 reserved by it, 100 and above free to plugins, and [#INTERNAL]
/// where no plugin gave a code.
public final class CniException extends Exception {
  static final int INCOMPATIBLE_VERSION = 1;
  static final int UNKNOWN_CONTAINER = 3;
  static final int DECODING_FAILURE = 6;
  static final int INVALID_NETWORK_CONFIG = 7;
  static final int TRY_AGAIN_LATER = 11;
  static final int INTERNAL = 999;

  private static final long serialVersionUID = 1L;

  private final int code;
  private final String details;

  CniException(int code, String message, String details) {
    super(details.isEmpty() ? message : message + "; " + details);
    this.code = code;
    this.details = details;
  }

  CniException(int code, String message) {
    this(code, message, "");
  }

  CniException(int code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
    this.details = "";
  }

  /// What failed on this side of the plugins.
  static CniException internal(String action, Exception cause) {
    return new CniException(INTERNAL, action + ": " + cause.getMessage(), cause);
  }

  /// {@return the error code of the specification, or of the plugin}
  public int code() {
    return code;
  }

  /// {@return the plugin's longer explanation, or an empty text}
  public String details() {
    return details;
  }
}
