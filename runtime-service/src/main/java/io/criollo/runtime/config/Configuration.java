// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The effective configuration: defaults, then files in order, then the command line.
///
/// @param values those that are not at their fixed default
/// @param derived options among them that nobody chose, their value follows from others
/// @param runtimes installed OCI runtimes by handler name; the default one is among them
/// @param files those that were read, in order
/// @param warnings what was ignored, each with file and option, for the log
public record Configuration(
    Map<Option, List<String>> values,
    Set<Option> derived,
    Map<String, RuntimeEntry> runtimes,
    List<Path> files,
    List<String> warnings) {
  public Configuration {
    values = Map.copyOf(values);
    derived = Set.copyOf(derived);
    runtimes = Map.copyOf(runtimes);
    files = List.copyOf(files);
    warnings = List.copyOf(warnings);
  }

  /// {@return the texts of a list option}
  public List<String> texts(Option option) {
    return values.getOrDefault(option, option.fallback());
  }

  /// {@return the text of a single option, empty while it is not set}
  public Optional<String> text(Option option) {
    return texts(option).stream().findFirst();
  }

  /// {@return the paths of a list option}
  public List<Path> paths(Option option) {
    return texts(option).stream().map(Path::of).toList();
  }

  /// {@return the path of a single option, empty while it is not set}
  public Optional<Path> path(Option option) {
    return text(option).map(Path::of);
  }

  /// {@return the path of an option that is always set}
  public Path requiredPath(Option option) {
    return path(option).orElseThrow();
  }

  /// {@return whether a switch is on}
  public boolean isOn(Option option) {
    return text(option).filter("true"::equals).isPresent();
  }

  /// {@return how much a container may write to its own layer}
  public LayerLimit layerLimit() {
    return LayerLimit.of(texts(Option.STORAGE_OPTION));
  }

  public LogLevel logLevel() {
    return text(Option.LOG_LEVEL).flatMap(LogLevel::of).orElse(LogLevel.INFO);
  }

  /// {@return the configuration as a commented file: what is at its default is commented out}
  public String toToml() {
    return new ConfigText(this).toString();
  }
}
