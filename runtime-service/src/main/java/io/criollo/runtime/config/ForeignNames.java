// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.config;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Flags and environment variables of CRI-O that have no effect here: an operator who brings them
/// is told.
public final class ForeignNames {
  /// Those that do not follow from the name of an option in a file.
  private static final Map<String, String> ODD_VARIABLES =
      Map.ofEntries(
          Map.entry("CONTAINER_ATTACH_SOCKET_DIR", "container_attach_socket_dir"),
          Map.entry("CONTAINER_EXITS_DIR", "container_exits_dir"),
          Map.entry("CONTAINER_STOP_TIMEOUT", "ctr_stop_timeout"),
          Map.entry("CONTAINER_INSECURE_REGISTRY", "insecure_registries"),
          Map.entry("CONTAINER_LOG", "log"),
          Map.entry("CONTAINER_LOG_FORMAT", "log_format"),
          Map.entry("CONTAINER_RUNTIMES", "runtimes"),
          Map.entry("CONTAINER_REGISTRIES_CONF_DIR", "registries_conf_dir"),
          Map.entry("CONTAINER_PROFILE", "profile"),
          Map.entry("CONTAINER_PROFILE_CPU", "profile_cpu"),
          Map.entry("CONTAINER_PROFILE_MEM", "profile_mem"),
          Map.entry("CONTAINER_PROFILE_PORT", "profile_port"),
          Map.entry(
              "CONTAINER_CHECKPOINT_RESTORE_CONTAINER_LEVEL_ENABLED", "container_level_enabled"),
          Map.entry("COLLECTION_PERIOD", "collection_period"),
          Map.entry("AUTO_RELOAD_REGISTRIES", "auto_reload_registries"),
          Map.entry("ENABLE_POD_EVENTS", "enable_pod_events"),
          Map.entry("ENABLE_PROFILE_UNIX_SOCKET", "enable_profile_unix_socket"),
          Map.entry("PULL_IN_A_CGROUP", "separate_pull_cgroup"));

  private ForeignNames() {}

  /// {@return names of options by the environment variables that CRI-O has for them}
  static Map<String, String> variables() {
    var all = new TreeMap<>(ODD_VARIABLES);
    for (var key : ForeignOptions.keys()) {
      var name = Option.shortName(key);
      if (!ODD_VARIABLES.containsValue(name)) {
        all.put("CONTAINER_" + name.toUpperCase(Locale.ROOT), key);
      }
    }
    return all;
  }

  /// {@return what to say of a flag that CRI-O has and Criollo has not}; empty for one that CRI-O
  /// has not either
  public static Optional<String> adviceOnFlag(String flag) {
    var name = flag.equals("--insecure-registry") ? "insecure_registries" : named(flag);
    boolean known =
        ODD_VARIABLES.containsValue(name)
            || name.startsWith("nri_")
            || ForeignOptions.keys().stream().anyMatch(key -> Option.shortName(key).equals(name));
    return known
        ? Optional.of(flag + ", which CRI-O has," + ForeignAdvice.of(name) + "; take it out")
        : Optional.empty();
  }

  private static String named(String flag) {
    return flag.replaceFirst("^-+", "").replace('-', '_');
  }
}
