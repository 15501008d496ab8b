// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.config;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Reads one configuration from files, environment and command line, and reports all that is wrong
/// at once.
public final class ConfigLoader {
  private static final List<Path> PROGRAMS =
      List.of(
          Path.of("/usr/local/bin"),
          Path.of("/usr/local/sbin"),
          Path.of("/usr/bin"),
          Path.of("/usr/sbin"));

  private final Map<Option, Given> given = new EnumMap<>(Option.class);
  private final Findings findings = new Findings();
  private final RuntimeTables runtimes;

  private ConfigLoader(List<Path> programDirs) {
    this.runtimes = new RuntimeTables(programDirs);
  }

  /// Reads the files, then the environment, then takes the flags.
  ///
  /// @param flags options of the command line, which override all else
  public static Configuration load(
      ConfigSources sources, Map<String, String> environment, Map<Option, List<String>> flags)
      throws ConfigException {
    return load(sources, environment, flags, PROGRAMS);
  }

  /// {@return what holds when there is no file}
  public static Configuration defaults(Map<Option, List<String>> flags) throws ConfigException {
    return new ConfigLoader(PROGRAMS).finished(List.of(), flags);
  }

  static Configuration load(
      ConfigSources sources,
      Map<String, String> environment,
      Map<Option, List<String>> flags,
      List<Path> programDirs)
      throws ConfigException {
    var loader = new ConfigLoader(programDirs);
    var files = loader.read(sources);
    loader.take(environment);
    loader.warnOfForeign(environment);
    return loader.finished(files, flags);
  }

  /// An empty variable is one that is not set, as for CRI-O.
  private void take(Map<String, String> environment) {
    for (var option : Option.values()) {
      var text = environment.getOrDefault(option.variable(), "");
      if (!text.isEmpty()) {
        try {
          given.put(option, new Given(option.parse(text), option.variable()));
        } catch (IllegalArgumentException e) {
          findings.fault("environment", option.variable() + " " + e.getMessage());
        }
      }
    }
  }

  private void warnOfForeign(Map<String, String> environment) {
    ForeignNames.variables()
        .forEach((variable, key) -> {
          if (!ForeignOptions.isUsual(key, environment.getOrDefault(variable, ""))) {
            findings.warning("environment", variable + ForeignAdvice.of(key));
          }
        });
  }

  private List<Path> read(ConfigSources sources) {
    var files = new ArrayList<Path>();
    try {
      files.addAll(sources.files());
      sources
          .passedOver()
          .forEach(
              each -> findings.warning(each, "is not read: names of drop-in files end in .conf"));
    } catch (IOException e) {
      findings.fault(sources.dropIns(), reason(e));
    }
    for (var file : files) {
      try {
        new FileWalk(file, given, runtimes, findings).walk(Toml.read(file));
      } catch (IOException e) {
        findings.fault(file, reason(e));
      }
    }
    return files;
  }

  private Configuration finished(List<Path> files, Map<Option, List<String>> flags)
      throws ConfigException {
    flags.forEach((option, value) -> given.put(option, new Given(value, option.flag())));
    var effective = new Effective(given, findings);
    var runroot = effective.checked();
    var standard = effective.value(Option.DEFAULT_RUNTIME).stream().findFirst();
    var installed = runtimes.installed(runroot, standard, findings);
    var values = effective.values(runroot, installed.keySet());
    findings.throwFaults();
    return new Configuration(values, effective.derived(), installed, files, findings.warnings());
  }

  private static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "no such file";
      case AccessDeniedException _ -> "permission denied";
      default -> String.valueOf(e.getMessage());
    };
  }
}
