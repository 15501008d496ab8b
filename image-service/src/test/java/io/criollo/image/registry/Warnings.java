// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

import java.text.MessageFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// What one class warns of while this is open.
final class Warnings extends Handler implements AutoCloseable {
  private final List<String> texts = new CopyOnWriteArrayList<>();
  private final Logger logger;

  private Warnings(Logger logger) {
    this.logger = logger;
  }

  static Warnings of(Class<?> who) {
    var warnings = new Warnings(Logger.getLogger(who.getName()));
    warnings.logger.addHandler(warnings);
    return warnings;
  }

  List<String> texts() {
    return List.copyOf(texts);
  }

  @Override
  public void publish(LogRecord line) {
    if (line.getLevel().equals(Level.WARNING)) {
      texts.add(MessageFormat.format(line.getMessage(), line.getParameters()));
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
  }
}
