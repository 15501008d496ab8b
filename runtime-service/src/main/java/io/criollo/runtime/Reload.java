// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime;

import io.criollo.runtime.config.ConfigException;
import io.criollo.runtime.config.Configuration;
import io.criollo.runtime.config.Option;
import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.List;

/// Takes over what an operator has changed in the configuration while the daemon serves: the log
/// level and filter. Of every other change it says that it needs a restart, which no container
/// notices.
final class Reload {
  private static final System.Logger LOG = System.getLogger(Reload.class.getName());

  /// Reads the configuration again.
  @FunctionalInterface
  interface Source {
    Configuration read() throws ConfigException;
  }

  private final Configuration served;
  private final Source source;

  Reload(Configuration served, Source source) {
    this.served = served;
    this.source = source;
  }

  /// A configuration with a fault changes nothing.
  synchronized void run() {
    Configuration next;
    try {
      next = source.read();
    } catch (ConfigException e) {
      LOG.log(Level.ERROR, "configuration stays as it was: {0}", e.getMessage());
      return;
    }
    Logs.level(next.logLevel());
    Logs.filter(next.text(Option.LOG_FILTER));
    LOG.log(Level.INFO, "configuration read again, log level {0}", next.logLevel());
    for (var option : needRestart(next)) {
      LOG.log(Level.WARNING, "{0} has changed: restart criollo to apply it", option.key());
    }
  }

  /// {@return options that differ from those that are served and cannot be taken over}
  List<Option> needRestart(Configuration next) {
    return Arrays.stream(Option.values())
        .filter(option -> option != Option.LOG_LEVEL && option != Option.LOG_FILTER)
        .filter(option -> !next.texts(option).equals(served.texts(option)))
        .toList();
  }
}
