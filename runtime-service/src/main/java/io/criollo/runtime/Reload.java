// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime;

import io.criollo.runtime.config.ConfigException;
import io.criollo.runtime.config.Configuration;
import io.criollo.runtime.config.Option;
import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Takes over what an operator has changed in the configuration while the daemon serves: the log
/// level and filter. Of every other change it says that it needs a restart, which no container
/// notices.
final class Reload {
  private static final System.Logger LOG = System.getLogger(Reload.class.getName());
  private static final String RUNTIMES = "crio.runtime.runtimes.";

  /// Reads the configuration again.
  @FunctionalInterface
  interface Source {
    Configuration read() throws ConfigException;
  }

  private final Configuration served;
  private final Source source;
  private List<String> told;

  /// @param served its warnings have been told
  Reload(Configuration served, Source source) {
    this.served = served;
    this.source = source;
    this.told = served.warnings();
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
    next.warnings().stream()
        .filter(text -> !told.contains(text))
        .forEach(text -> LOG.log(Level.WARNING, text));
    told = next.warnings();
    for (var key : needRestart(next)) {
      LOG.log(Level.WARNING, "{0} has changed: restart criollo to apply it", key);
    }
  }

  /// {@return options, and tables of handlers, that differ from those that are served and cannot be
  /// taken over}
  List<String> needRestart(Configuration next) {
    var options =
        Arrays.stream(Option.values())
            .filter(option -> option != Option.LOG_LEVEL && option != Option.LOG_FILTER)
            .filter(option -> !next.texts(option).equals(served.texts(option)))
            .map(Option::key);
    return Stream.concat(options, handlers(next).map(name -> RUNTIMES + name)).toList();
  }

  /// One that is new, gone or another.
  private Stream<String> handlers(Configuration next) {
    var names = new TreeSet<>(served.runtimes().keySet());
    names.addAll(next.runtimes().keySet());
    return names.stream()
        .filter(name -> !Objects.equals(served.runtimes().get(name), next.runtimes().get(name)));
  }
}
