// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Sorts all that one file says: honoured, known elsewhere, or wrong.
final class FileWalk {
  private static final String RUNTIMES = "crio.runtime.runtimes";

  private static final String PLUGIN_DIR = "crio.network.plugin_dir";

  private final String file;
  private final Map<Option, Given> given;
  private final RuntimeTables runtimes;
  private final Findings findings;

  FileWalk(Path file, Map<Option, Given> given, RuntimeTables runtimes, Findings findings) {
    this.file = file.toString();
    this.given = given;
    this.runtimes = runtimes;
    this.findings = findings;
  }

  void walk(ObjectNode root) {
    walk("", root);
    pluginDir(root.at("/crio/network/plugin_dir"));
  }

  private void walk(String table, ObjectNode node) {
    for (var entry : node.properties()) {
      var key = table.isEmpty() ? entry.getKey() : table + "." + entry.getKey();
      if (!(entry.getValue() instanceof ObjectNode child)) {
        option(table, key, entry.getValue());
      } else if (key.equals(RUNTIMES)) {
        child.properties().forEach(each -> runtime(each.getKey(), each.getValue()));
      } else if (ForeignOptions.isTable(key)) {
        walk(key, child);
      } else {
        option(table, key, child);
      }
    }
  }

  private void option(String table, String key, JsonNode value) {
    var option = Option.ofKey(key);
    if (option.isPresent()) {
      try {
        given.put(option.get(), new Given(option.get().kind().read(value), file));
      } catch (IllegalArgumentException e) {
        findings.fault(file, key + " " + e.getMessage());
      }
    } else if (ForeignOptions.contains(table, Option.shortName(key))) {
      if (!ForeignOptions.isUsual(key, value)) {
        unsupported(key);
      }
    } else if (!key.equals(PLUGIN_DIR)) {
      findings.fault(file, "unknown option " + key + Suggestion.forKey(key));
    }
  }

  /// The older name for a single folder, which CRI-O still takes, after the others.
  private void pluginDir(JsonNode value) {
    try {
      var folder = value.isMissingNode() ? List.<String>of() : Kind.PATH.read(value);
      if (!folder.isEmpty()) {
        var option = Option.PLUGIN_DIRS;
        var others = given.getOrDefault(option, new Given(option.fallback(), file)).value();
        given.put(option, new Given(option.joined(others, folder), file));
        findings.warning(file, PLUGIN_DIR + " is deprecated: add it to plugin_dirs");
      }
    } catch (IllegalArgumentException e) {
      findings.fault(file, PLUGIN_DIR + " " + e.getMessage());
    }
  }

  private void runtime(String handler, JsonNode value) {
    var table = RUNTIMES + "." + handler;
    if (!RuntimeTables.isName(handler) || !(value instanceof ObjectNode options)) {
      findings.fault(file, table + " must be a table with the name of a runtime");
      return;
    }
    runtimes.mention(handler, file);
    for (var option : options.properties()) {
      var key = table + "." + option.getKey();
      if (RuntimeTables.has(option.getKey())) {
        runtimeOption(handler, option.getKey(), option.getValue());
      } else if (ForeignOptions.OF_RUNTIME.contains(option.getKey())) {
        if (!ForeignOptions.isUnset(option.getValue())) {
          unsupported(key);
        }
      } else {
        findings.fault(file, "unknown option " + key);
      }
    }
  }

  private void runtimeOption(String handler, String name, JsonNode value) {
    try {
      runtimes.set(handler, name, value);
    } catch (IllegalArgumentException e) {
      findings.fault(file, RUNTIMES + "." + handler + "." + name + " " + e.getMessage());
    }
  }

  private void unsupported(String key) {
    findings.warning(file, key + ForeignAdvice.of(key));
  }
}
