// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.cli;

import io.criollo.runtime.config.ConfigException;
import io.criollo.runtime.config.ConfigLoader;
import io.criollo.runtime.config.ConfigSources;
import io.criollo.runtime.config.Configuration;
import io.criollo.runtime.config.ForeignNames;
import io.criollo.runtime.config.Option;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// One command line: `criollo [OPTION...] [VERB]`, an option as `--name value` or `--name=value`,
/// before the verb or after it.
public final class CommandLine {
  private static final Map<String, String> SHORT =
      Map.of("-r", "--root", "-l", "--log-level", "-c", "--config", "-d", "--config-dir");

  private final Map<Option, List<String>> flags = new EnumMap<>(Option.class);
  private final List<Verb> verbs = new ArrayList<>();
  private Optional<Path> config = Optional.empty();
  private Optional<Path> configDir = Optional.empty();
  private boolean defaults;
  private final Set<String> checkWords = new TreeSet<>();

  private CommandLine() {}

  /// Reads the words after the program's name.
  ///
  /// @throws UsageException that says which word is wrong
  public static CommandLine parse(String... args) throws UsageException {
    var line = new CommandLine();
    for (var words = List.of(args).iterator(); words.hasNext(); ) {
      line.take(words.next(), words);
    }
    line.check();
    return line;
  }

  /// {@return what is asked for} Help goes before all else.
  public Verb verb() {
    if (verbs.contains(Verb.HELP)) {
      return Verb.HELP;
    }
    return verbs.isEmpty() ? Verb.SERVE : verbs.getFirst();
  }

  /// {@return how `check` is to be done: `quick`, `repair`, both or neither}
  public String checkWords() {
    return String.join(" ", checkWords);
  }

  /// {@return the configuration that holds with these options}
  public Configuration configuration() throws ConfigException {
    if (defaults) {
      return ConfigLoader.defaults(flags);
    }
    var environment = System.getenv();
    var sources =
        config
            .or(() -> path(environment.get("CONTAINER_CONFIG")))
            .map(ConfigSources::of)
            .orElseGet(ConfigSources::system);
    var dropIns = configDir.or(() -> path(environment.get("CONTAINER_CONFIG_DIR")));
    return ConfigLoader.load(dropIns.map(sources::withDropIns).orElse(sources), environment, flags);
  }

  private static Optional<Path> path(@Nullable String text) {
    return text == null || text.isEmpty()
        ? Optional.empty()
        : Optional.of(Path.of(text).toAbsolutePath());
  }

  private void take(String word, Iterator<String> rest) throws UsageException {
    switch (word) {
      case "-h", "--help" -> verbs.add(Verb.HELP);
      case "-v", "--version" -> verbs.add(Verb.VERSION);
      case "--default" -> defaults = true;
      case "--quick", "--repair" -> checkWords.add(word.substring(2));
      default -> {
        if (word.startsWith("-")) {
          option(word, rest);
        } else {
          verbs.add(Verb.of(word).orElseThrow(() -> new UsageException("unknown command " + word)));
        }
      }
    }
  }

  private void option(String word, Iterator<String> rest) throws UsageException {
    int equals = word.indexOf('=');
    var given = equals < 0 ? word : word.substring(0, equals);
    var name = SHORT.getOrDefault(given, given);
    var option = Option.ofFlag(name);
    if (option.isEmpty() && !name.equals("--config") && !name.equals("--config-dir")) {
      throw new UsageException(ForeignNames.adviceOnFlag(given).orElse("unknown option " + given));
    }
    boolean alone = equals < 0 && option.map(Option::isSwitch).orElse(false);
    if (equals < 0 && !alone && !rest.hasNext()) {
      throw new UsageException(given + " needs a value");
    }
    var value = alone ? "true" : equals < 0 ? rest.next() : word.substring(equals + 1);
    try {
      set(name, option, value);
    } catch (IllegalArgumentException e) {
      throw new UsageException(given + " " + e.getMessage());
    }
  }

  private void set(String name, Optional<Option> option, String value) {
    if (option.isPresent()) {
      flags.merge(option.get(), option.get().parse(value), option.get()::joined);
    } else if (name.equals("--config")) {
      config = Optional.of(Path.of(value).toAbsolutePath());
    } else {
      configDir = Optional.of(Path.of(value).toAbsolutePath());
    }
  }

  private void check() throws UsageException {
    if (verbs.stream().distinct().count() > 1 && !verbs.contains(Verb.HELP)) {
      throw new UsageException(
          "one command at a time, not " + verbs.stream().map(Verb::word).toList());
    }
    if (defaults && verb() != Verb.CONFIG && verb() != Verb.HELP) {
      throw new UsageException("--default belongs to config");
    }
    if (!checkWords.isEmpty() && verb() != Verb.CHECK && verb() != Verb.HELP) {
      throw new UsageException("--" + checkWords.iterator().next() + " belongs to check");
    }
  }
}
