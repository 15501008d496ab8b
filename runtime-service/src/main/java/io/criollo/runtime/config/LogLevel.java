// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.config;

import java.util.Optional;

/// Least level of what is logged.
public enum LogLevel {
  ERROR,
  WARNING,
  INFO,
  DEBUG;

  /// {@return the level by CRI-O's or its own name}
  static Optional<LogLevel> of(String name) {
    return switch (name) {
      case "fatal", "panic", "error" -> Optional.of(ERROR);
      case "warn", "warning" -> Optional.of(WARNING);
      case "info" -> Optional.of(INFO);
      case "debug", "trace" -> Optional.of(DEBUG);
      default -> Optional.empty();
    };
  }
}
