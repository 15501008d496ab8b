// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.protocol;

/// Why the monitor refused or failed.
public enum FailureKind {
  /// no such container, or it has no live process
  NOT_FOUND,
  /// the id is in use
  ALREADY_EXISTS,
  /// a request that makes no sense
  INVALID,
  /// the OCI runtime said no; the message is its own
  RUNTIME,
  /// the time limit passed; the process tree was killed
  TIMEOUT,
  /// the kernel or the file system said no
  SYSTEM,
  /// the other side does not know this request
  UNSUPPORTED,
  /// the monitor could not be reached or died while answering
  UNAVAILABLE
}
