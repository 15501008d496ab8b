// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/// Prints a configuration as a file that could be read again.
record ConfigText(
    Map<Option, List<String>> values, SortedMap<String, RuntimeEntry> runtimes, List<Path> files) {
  private static final String HEAD =
      """
      # Criollo's effective configuration, with the tables and options of crio.conf(5).
      # A line that starts with # is at its default. The daemon reads
      # /etc/criollo/criollo.conf and then /etc/criollo/criollo.conf.d/*.conf in lexical order;
      # flags override both.
      """;

  private static final String RUNTIMES =
      """

      # OCI runtimes by the name that pods choose them with (RuntimeClass handler). crun and runc
      # are found by themselves where programs are installed.
      #   runtime_path  the executable; not set: the table's name among the installed programs
      #   runtime_root  the runtime's folder of state; not set: runtime/NAME in runroot
      """;

  @Override
  public String toString() {
    var text = new StringBuilder(HEAD);
    if (!files.isEmpty()) {
      text.append("# Read:");
      files.forEach(file -> text.append(' ').append(file));
      text.append('\n');
    }
    var table = "";
    for (var option : Option.values()) {
      if (!option.table().equals(table)) {
        runtimesAfter(table, text);
        table = option.table();
        text.append("\n[").append(table).append("]\n");
      }
      text.append('\n');
      option.help().lines().forEach(line -> text.append("# ").append(line).append('\n'));
      text.append(line(option)).append('\n');
    }
    return text.toString();
  }

  private void runtimesAfter(String table, StringBuilder text) {
    if (!table.equals("crio.runtime")) {
      return;
    }
    text.append(RUNTIMES);
    runtimes.forEach((name, runtime) ->
        text.append("[crio.runtime.runtimes.")
            .append(name.indexOf('.') < 0 ? name : Toml.quoted(name))
            .append("]\nruntime_path = ")
            .append(Toml.quoted(runtime.path().toString()))
            .append("\nruntime_root = ")
            .append(Toml.quoted(runtime.root().toString()))
            .append('\n'));
  }

  private String line(Option option) {
    var value = values.getOrDefault(option, option.fallback());
    var line = option.shortName() + " = " + option.kind().toml(value);
    return value.equals(option.fallback()) ? line.replaceAll("(?m)^", "# ") : line;
  }
}
