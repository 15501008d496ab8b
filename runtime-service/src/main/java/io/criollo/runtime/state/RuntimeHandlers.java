// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.state;

import io.criollo.conmon.oci.OciRuntimeSettings;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The OCI runtimes that pods can choose from, by handler name.
public record RuntimeHandlers(Map<String, OciRuntimeSettings> byName, String defaultName) {
  public RuntimeHandlers {
    byName = Map.copyOf(byName);
    if (!byName.containsKey(defaultName)) {
      throw new Refusal.InvalidArgument(
          "default runtime", defaultName, "must be one of " + new TreeMap<>(byName).keySet());
    }
  }

  /// {@return the runtime of a handler as pods name it: empty means the default}
  public OciRuntimeSettings require(String handler) {
    var runtime = byName.get(handler.isEmpty() ? defaultName : handler);
    if (runtime == null) {
      throw new Refusal.InvalidArgument("runtime_handler", handler, "must be one of " + names());
    }
    return runtime;
  }

  public OciRuntimeSettings defaultRuntime() {
    return require(defaultName);
  }

  /// {@return all names, sorted}
  public List<String> names() {
    return byName.keySet().stream().sorted().toList();
  }
}
