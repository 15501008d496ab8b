// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The tables `crio.runtime.runtimes.NAME`. crun and runc need none: they are found where programs
/// are installed.
final class RuntimeTables {
  static final Set<String> OPTIONS =
      Set.of("runtime_path", "runtime_root", "runtime_type", "container_min_memory");

  private static final Set<String> PATHS = Set.of("runtime_path", "runtime_root");
  private static final List<String> KNOWN = List.of("crun", "runc");

  /// CRI-O's own: crun is small, all else may be written in Go.
  private static final long MEMORY_OF_CRUN = 500L << 10;

  private static final long MEMORY_OF_OTHERS = 12L << 20;

  private final List<Path> programDirs;
  private final Map<String, Entry> entries = new TreeMap<>();

  private static final class Entry {
    private String origin = "";
    private final Map<String, String> options = new HashMap<>();
  }

  RuntimeTables(List<Path> programDirs) {
    this.programDirs = List.copyOf(programDirs);
  }

  static boolean isName(String handler) {
    return handler.matches("[A-Za-z0-9][A-Za-z0-9_.-]*");
  }

  void mention(String handler, String origin) {
    entries.computeIfAbsent(handler, _ -> new Entry()).origin = origin;
  }

  /// @throws IllegalArgumentException when the value is of a wrong kind
  void set(String handler, String name, JsonNode value) {
    var kind = PATHS.contains(name) ? Kind.PATH : Kind.TEXT;
    var text = kind.read(value).stream().findFirst().orElse("");
    if (name.equals("container_min_memory") && !text.isEmpty()) {
      var _ = ByteSize.parse(text);
    }
    if (name.equals("runtime_type") && !text.isEmpty() && !text.equals("oci")) {
      throw new IllegalArgumentException("must be \"oci\", is " + Toml.quoted(text));
    }
    entries.computeIfAbsent(handler, _ -> new Entry()).options.put(name, text);
  }

  /// {@return those that are installed} One that is configured and missing is a warning.
  Map<String, RuntimeEntry> installed(Path runroot, Findings findings) {
    KNOWN.forEach(name -> entries.computeIfAbsent(name, _ -> new Entry()));
    var installed = new TreeMap<String, RuntimeEntry>();
    entries.forEach((name, entry) -> {
      var path = executable(name, option(entry, "runtime_path"));
      if (path.isPresent()) {
        var root = option(entry, "runtime_root").map(Path::of);
        installed.put(
            name,
            new RuntimeEntry(
                name,
                path.get(),
                root.orElse(runroot.resolve("runtime").resolve(name)),
                minimumMemory(name, entry),
                !entry.origin.isEmpty()));
      } else if (!entry.origin.isEmpty()) {
        findings.warning(
            entry.origin,
            "runtime "
                + name
                + " is left out: no executable "
                + option(entry, "runtime_path").orElse(name + " in " + programDirs));
      }
    });
    return installed;
  }

  private Optional<Path> executable(String name, Optional<String> configured) {
    return configured
        .map(path -> List.of(Path.of(path)))
        .orElseGet(() -> programDirs.stream().map(dir -> dir.resolve(name)).toList())
        .stream()
        .filter(path -> Files.isRegularFile(path) && Files.isExecutable(path))
        .findFirst();
  }

  private static long minimumMemory(String name, Entry entry) {
    return option(entry, "container_min_memory")
        .map(ByteSize::parse)
        .orElse(name.equals("crun") ? MEMORY_OF_CRUN : MEMORY_OF_OTHERS);
  }

  private static Optional<String> option(Entry entry, String name) {
    return Optional.ofNullable(entry.options.get(name)).filter(text -> !text.isEmpty());
  }
}
