// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.criollo.conmon.oci.OciRuntimeSettings;
import io.criollo.linux.AtomicFile;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/// The OCI runtimes that were configured since the machine started: containers outlive the handler
/// that made them, and have to be driven and removed by the same program with the same folder.
///
/// @param file on a file system that a reboot empties, as it ends all containers
public record RuntimeMemory(Path file) {
  private static final System.Logger LOG = System.getLogger(RuntimeMemory.class.getName());

  private record Entry(String path, String root, boolean systemdCgroup) {}

  /// Adds these to the memory; a new one replaces its namesake.
  ///
  /// @return these as they are, and all others that are remembered
  Map<String, OciRuntimeSettings> with(Map<String, OciRuntimeSettings> configured)
      throws IOException {
    var mapper = new ObjectMapper();
    var entries = new TreeMap<String, Entry>(read(mapper));
    configured.forEach((name, one) ->
        entries.put(
            name, new Entry(one.path().toString(), one.root().toString(), one.systemdCgroup())));
    AtomicFile.writeVolatile(file, mapper.writeValueAsBytes(entries));
    var all = new TreeMap<String, OciRuntimeSettings>();
    entries.forEach((name, one) ->
        all.put(
            name,
            new OciRuntimeSettings(name, Path.of(one.path), Path.of(one.root), one.systemdCgroup)));
    all.putAll(configured); // the file does not hold all that can be configured
    return all;
  }

  private Map<String, Entry> read(ObjectMapper mapper) throws IOException {
    if (!Files.exists(file)) {
      return Map.of();
    }
    try {
      return mapper.readValue(Files.readAllBytes(file), new TypeReference<Map<String, Entry>>() {});
    } catch (IOException e) {
      LOG.log(Level.WARNING, "{0} is made anew: {1}", file, e.getMessage());
      return Map.of();
    }
  }
}
