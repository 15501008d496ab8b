// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.cli;

/// A command line that is none of ours.
public final class UsageException extends Exception {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message + "; see criollo --help");
  }
}
