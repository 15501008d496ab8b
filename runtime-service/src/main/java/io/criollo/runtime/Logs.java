// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime;

import com.google.re2j.Pattern;
import io.criollo.runtime.config.LogLevel;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.logging.ConsoleHandler;
import java.util.logging.Filter;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/// Log lines on stderr, one per event: time, level, what.
final class Logs {
  private static final int LONGEST = 8192;

  private Logs() {}

  static void toStderr(LogLevel level) {
    LogManager.getLogManager().reset();
    var handler = new ConsoleHandler();
    handler.setFormatter(new Line());
    handler.setLevel(Level.ALL);
    var root = Logger.getLogger("");
    root.addHandler(handler);
    level(level);
  }

  /// @param expression of the messages that are written; empty: all are
  static void filter(Optional<String> expression) {
    var filter = expression.map(Logs::matching).orElse(null);
    for (var handler : Logger.getLogger("").getHandlers()) {
      handler.setFilter(filter);
    }
  }

  static Filter matching(String expression) {
    var pattern = Pattern.compile(expression);
    var formatter = new SimpleFormatter();
    return entry -> pattern.matcher(formatter.formatMessage(entry)).find();
  }

  static void level(LogLevel level) {
    var least = javaLevel(level);
    Logger.getLogger("").setLevel(least.intValue() < Level.INFO.intValue() ? Level.INFO : least);
    Logger.getLogger("io.criollo").setLevel(least);
  }

  private static Level javaLevel(LogLevel level) {
    return switch (level) {
      case ERROR -> Level.SEVERE;
      case WARNING -> Level.WARNING;
      case INFO -> Level.INFO;
      case DEBUG -> Level.FINE;
    };
  }

  /// What requests and programs say may hold anything.
  static String oneLine(String message) {
    var shown = message.length() <= LONGEST ? message : message.substring(0, LONGEST) + "[…]";
    return shown.chars().noneMatch(Character::isISOControl)
        ? shown
        : shown.replace("\n", "\\n").replaceAll("\\p{Cntrl}", "?");
  }

  /// Two lines only when there is a stack trace, which is for defects.
  private static final class Line extends Formatter {
    @Override
    public String format(LogRecord record) {
      var line = new StringBuilder(160);
      line.append(Instant.ofEpochMilli(record.getMillis()).truncatedTo(ChronoUnit.MILLIS));
      line.append(' ')
          .append(word(record.getLevel()))
          .append(' ')
          .append(oneLine(formatMessage(record)))
          .append('\n');
      for (var thrown = record.getThrown(); thrown != null; thrown = thrown.getCause()) {
        line.append("  ").append(thrown).append('\n');
        for (var frame : thrown.getStackTrace()) {
          line.append("    at ").append(frame).append('\n');
        }
      }
      return line.toString();
    }

    private static String word(Level level) {
      int value = level.intValue();
      if (value >= Level.SEVERE.intValue()) {
        return "ERROR";
      }
      if (value >= Level.WARNING.intValue()) {
        return "WARN ";
      }
      return value >= Level.INFO.intValue() ? "INFO " : "DEBUG";
    }
  }
}
