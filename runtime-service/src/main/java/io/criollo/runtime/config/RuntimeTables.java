// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.criollo.conmon.oci.OciRuntimeSettings;
import io.criollo.runtime.spec.AnnotationRules;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The tables `crio.runtime.runtimes.NAME`. crun and runc need none: they are found where programs
/// are installed.
final class RuntimeTables {
  private static final String PATH = "runtime_path";
  private static final String ROOT = "runtime_root";
  private static final String TYPE = "runtime_type";
  private static final String MEMORY = "container_min_memory";
  private static final String INHERIT = "inherit_default_runtime";
  private static final String NO_DEVICES = "privileged_without_host_devices";
  private static final String SECCOMP = "seccomp_profile";
  private static final String CREATE_LIMIT = "container_create_timeout";
  private static final String AFFINITY = "exec_cpu_affinity";
  private static final String FIRST = "first";
  private static final String ANNOTATIONS = "default_annotations";
  private static final String ALLOWED = "allowed_annotations";

  private static final Map<String, Kind> OPTIONS =
      Map.of(
          PATH, Kind.PATH,
          ROOT, Kind.PATH,
          TYPE, Kind.TEXT,
          MEMORY, Kind.TEXT,
          INHERIT, Kind.SWITCH,
          NO_DEVICES, Kind.SWITCH,
          SECCOMP, Kind.PATH,
          CREATE_LIMIT, Kind.NUMBER,
          AFFINITY, Kind.TEXT);
  private static final Set<String> TYPES = Set.of("oci", "vm", "pod");
  private static final List<String> KNOWN = List.of("crun", "runc");

  /// CRI-O's own: crun is small, all else may be written in Go.
  private static final long MEMORY_OF_CRUN = 500L << 10;

  private static final long MEMORY_OF_OTHERS = 12L << 20;

  private static final long LEAST_CREATE_SECONDS = 30;
  private static final long MOST_CREATE_SECONDS = Duration.ofDays(1).toSeconds();

  private final List<Path> programDirs;
  private final Map<String, Entry> entries = new TreeMap<>();

  private static final class Entry {
    private String origin = "";
    private final Map<String, String> options = new HashMap<>();
    private Map<String, String> annotations = Map.of();
    private List<String> allowed = List.of();
  }

  RuntimeTables(List<Path> programDirs) {
    this.programDirs = List.copyOf(programDirs);
  }

  static boolean isName(String handler) {
    return handler.matches("[A-Za-z0-9][A-Za-z0-9_.-]*");
  }

  static boolean has(String option) {
    return OPTIONS.containsKey(option) || option.equals(ANNOTATIONS) || option.equals(ALLOWED);
  }

  void mention(String handler, String origin) {
    entries.computeIfAbsent(handler, _ -> new Entry()).origin = origin;
  }

  /// @throws IllegalArgumentException when the value is of a wrong kind
  void set(String handler, String name, JsonNode value) {
    var entry = entries.computeIfAbsent(handler, _ -> new Entry());
    if (name.equals(ALLOWED)) {
      entry.allowed = Kind.TEXTS.read(value);
      entry.allowed.forEach(AnnotationRules::requireKnown);
      return;
    }
    var kind = OPTIONS.get(name);
    if (kind == null) {
      entry.annotations = texts(value);
      return;
    }
    var text = kind.read(value).stream().findFirst().orElse("");
    if (name.equals(MEMORY) && !text.isEmpty()) {
      var _ = ByteSize.parse(text);
    }
    if (name.equals(TYPE) && !text.isEmpty() && !TYPES.contains(text)) {
      throw new IllegalArgumentException("must be \"oci\", is " + Toml.quoted(text));
    }
    if (name.equals(AFFINITY) && !text.isEmpty() && !text.equals(FIRST)) {
      throw new IllegalArgumentException("must be \"first\" or empty, is " + Toml.quoted(text));
    }
    entry.options.put(name, text);
  }

  private static Map<String, String> texts(JsonNode table) {
    if (!table.isObject()) {
      throw new IllegalArgumentException("must be a table of texts, is " + table);
    }
    var texts = new HashMap<String, String>();
    for (var each : table.properties()) {
      Kind.TEXT.read(each.getValue()).forEach(text -> texts.put(each.getKey(), text));
    }
    return texts;
  }

  /// {@return those that are installed} One that is configured and missing is a warning.
  ///
  /// @param standard the configured default one, of which others may inherit
  Map<String, RuntimeEntry> installed(Path runroot, Optional<String> standard, Findings findings) {
    KNOWN.forEach(name -> entries.computeIfAbsent(name, _ -> new Entry()));
    var giver = standard.filter(entries::containsKey).or(this::firstKnown).orElse("");
    var installed = new TreeMap<String, RuntimeEntry>();
    entries.forEach((name, entry) -> {
      var program = isOn(entry, INHERIT) && !giver.isEmpty() ? giver : name;
      installed(name, program, runroot, findings).ifPresent(found -> installed.put(name, found));
    });
    return installed;
  }

  private Optional<String> firstKnown() {
    return KNOWN.stream()
        .filter(name -> executable(name, option(of(name), PATH)).isPresent())
        .findFirst();
  }

  private Entry of(String name) {
    return entries.getOrDefault(name, new Entry());
  }

  /// @param program whose path, root and type it has
  private Optional<RuntimeEntry> installed(
      String name, String program, Path runroot, Findings findings) {
    var own = of(name);
    var source = of(program);
    var type = option(source, TYPE).orElse("oci");
    var path = executable(program, option(source, PATH));
    if (path.isEmpty() || !type.equals("oci")) {
      var missing = "no executable " + option(source, PATH).orElse(program + " in " + programDirs);
      leaveOut(
          name, type.equals("oci") ? missing : TYPE + " " + type + " is not supported", findings);
      return Optional.empty();
    }
    var root = option(source, ROOT).map(Path::of);
    warnOfAllowed(name, own, findings);
    return Optional.of(
        new RuntimeEntry(
            name,
            path.get(),
            root.orElse(runroot.resolve("runtime").resolve(program)),
            containers(name, own, createLimit(name, findings)),
            !own.origin.isEmpty()));
  }

  private void leaveOut(String name, String why, Findings findings) {
    if (!of(name).origin.isEmpty()) {
      findings.warning(of(name).origin, "runtime " + name + " is left out: " + why);
    }
  }

  private static void warnOfAllowed(String name, Entry entry, Findings findings) {
    entry.allowed.stream()
        .filter(annotation -> !AnnotationRules.hasEffect(annotation))
        .forEach(annotation ->
            findings.warning(
                entry.origin,
                "crio.runtime.runtimes."
                    + name
                    + "."
                    + ALLOWED
                    + " has "
                    + annotation
                    + ", which has no effect"));
  }

  /// As with CRI-O 0 stands for the usual one.
  private Duration createLimit(String name, Findings findings) {
    var entry = of(name);
    long seconds = option(entry, CREATE_LIMIT).map(Long::parseLong).orElse(0L);
    if (seconds == 0) {
      return OciRuntimeSettings.USUAL_CREATE_LIMIT;
    }
    long possible = Math.clamp(seconds, LEAST_CREATE_SECONDS, MOST_CREATE_SECONDS);
    if (possible != seconds) {
      findings.warning(
          entry.origin,
          "crio.runtime.runtimes."
              + name
              + "."
              + CREATE_LIMIT
              + " is "
              + seconds
              + ", taken as "
              + possible);
    }
    return Duration.ofSeconds(possible);
  }

  private static RuntimeEntry.Containers containers(String name, Entry entry, Duration limit) {
    return new RuntimeEntry.Containers(
        minimumMemory(name, entry),
        !isOn(entry, NO_DEVICES),
        option(entry, SECCOMP).map(Path::of),
        annotations(entry),
        limit,
        option(entry, AFFINITY).isPresent());
  }

  /// As with CRI-O a table that says nothing of it allows nothing.
  private static AnnotationRules annotations(Entry entry) {
    return new AnnotationRules(
        entry.annotations,
        entry.origin.isEmpty() ? AnnotationRules.USUALLY_ALLOWED : Set.copyOf(entry.allowed));
  }

  private static boolean isOn(Entry entry, String name) {
    return option(entry, name).filter("true"::equals).isPresent();
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
    return option(entry, MEMORY)
        .map(ByteSize::parse)
        .orElse(name.equals("crun") ? MEMORY_OF_CRUN : MEMORY_OF_OTHERS);
  }

  private static Optional<String> option(Entry entry, String name) {
    return Optional.ofNullable(entry.options.get(name)).filter(text -> !text.isEmpty());
  }
}
