// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// What CRI-O has (crio.conf(5)) and Criollo has not yet: an operator's file is taken with a
/// warning for each. A name moves from here to [Option] when it is honoured.
final class ForeignOptions {
  /// Each handler's table below `crio.runtime.runtimes`.
  static final Set<String> OF_RUNTIME =
      words(
          """
          runtime_config_path monitor_path
          monitor_cgroup monitor_env monitor_exec_cgroup platform_runtime_paths
          no_sync_log stream_websockets
          runtime_pull_image
          """);

  private static final Set<String> UNSET = Set.of("", "0", "0s");

  private static final Map<String, Set<String>> BY_TABLE =
      Map.ofEntries(
          Map.entry(
              "crio",
              words(
                  """
                  storage_driver version_file
                  version_file_persist clean_shutdown_file internal_wipe
                  """)),
          Map.entry("crio.api", Set.of()),
          Map.entry(
              "crio.runtime",
              words(
                  """
                  no_pivot
                  decryption_keys_path conmon conmon_env conmon_cgroup
                  shared_cpuset separate_pull_cgroup
                  rdt_config_file blockio_config_file blockio_reload irqbalance_config_file
                  irqbalance_config_restore_file container_exits_dir
                  container_attach_socket_dir
                  ctr_stop_timeout drop_infra_ctr pinns_path namespaces_dir
                  uid_mappings gid_mappings minimum_mappable_uid minimum_mappable_gid
                  default_mounts
                  enable_pod_events
                  enable_criu_support workloads
                  """)),
          Map.entry("crio.runtime.checkpoint_restore", words("container_level_enabled")),
          Map.entry("crio.checkpoint_restore", words("container_level_enabled")),
          Map.entry(
              "crio.image",
              words(
                  """
                  default_transport pause_image pause_image_auth_file
                  pause_command insecure_registries registries
                  big_files_temporary_dir auto_reload_registries
                  decryption_keys_path additional_artifact_stores
                  """)),
          Map.entry("crio.network", Set.of()),
          Map.entry("crio.metrics", Set.of()),
          Map.entry(
              "crio.tracing",
              words("enable_tracing tracing_endpoint tracing_sampling_rate_per_million")),
          Map.entry("crio.stats", words("stats_collection_period collection_period")),
          Map.entry(
              "crio.nri",
              words(
                  """
                  enable_nri nri_listen nri_plugin_dir nri_plugin_config_dir nri_disable_connections
                  nri_plugin_registration_timeout nri_plugin_request_timeout default_validator
                  """)));

  /// Values that say what is so anyway, as files written by `crio config` have them.
  private static final Map<String, String> USUAL =
      Map.ofEntries(
          Map.entry("crio.storage_driver", "overlay"),
          Map.entry("crio.runtime.ctr_stop_timeout", "30"),
          Map.entry("crio.runtime.drop_infra_ctr", "true"),
          Map.entry("crio.runtime.minimum_mappable_uid", "-1"),
          Map.entry("crio.runtime.minimum_mappable_gid", "-1"),
          Map.entry("crio.runtime.enable_pod_events", "true"),
          Map.entry("crio.image.default_transport", "docker://"),
          Map.entry("crio.image.auto_reload_registries", "true"),
          Map.entry("crio.nri.enable_nri", "false"),
          Map.entry("crio.tracing.enable_tracing", "false"));

  private ForeignOptions() {}

  /// {@return full names of all but those of handlers}
  static Set<String> keys() {
    return BY_TABLE.entrySet().stream()
        .flatMap(table -> table.getValue().stream().map(name -> table.getKey() + "." + name))
        .collect(Collectors.toUnmodifiableSet());
  }

  /// {@return whether who says this gets what they want}
  ///
  /// @param key with or without its table
  static boolean isUsual(String key, String text) {
    return UNSET.contains(text)
        || USUAL.entrySet().stream()
            .filter(usual -> usual.getKey().equals(key) || usual.getKey().endsWith("." + key))
            .anyMatch(usual -> usual.getValue().equals(text));
  }

  /// {@return whether a file that says this gets what it wants}
  static boolean isUsual(String key, JsonNode value) {
    return value.isContainerNode() ? value.isEmpty() : isUsual(key, value.asText());
  }

  /// {@return whether it is a value that stands for "not set"}
  static boolean isUnset(JsonNode value) {
    return value.isContainerNode() ? value.isEmpty() : UNSET.contains(value.asText());
  }

  static boolean contains(String table, String name) {
    return BY_TABLE.getOrDefault(table, Set.of()).contains(name);
  }

  static boolean isTable(String table) {
    return BY_TABLE.containsKey(table);
  }

  private static Set<String> words(String text) {
    return Arrays.stream(text.strip().split("\\s+")).collect(Collectors.toUnmodifiableSet());
  }
}
