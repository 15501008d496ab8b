// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What an operator can do in place of an option of CRI-O that has no effect here.
final class ForeignAdvice {
  private static final String MONITOR =
      "one monitor of Criollo's own watches all containers, there is no conmon";
  private static final String WIPE =
      "nothing is wiped: what a crash left is put right at the start (internal_repair)";
  private static final String PAUSE =
      "no pod has an infra container; pod_init_path names the init of pods with one PID namespace";
  private static final String NAMESPACES = "namespaces are pinned below runroot, without pinns";
  private static final String USERS =
      "deprecated by CRI-O too: the kubelet gives pods user namespaces (hostUsers: false)";
  private static final String MAPPABLE =
      "it limits what pods ask for by the annotation io.kubernetes.cri-o.userns-mode, which is not"
          + " read here; the ids of other pods are the kubelet's choice (/etc/subuid), in CRI-O too";
  private static final String ENCRYPTED = "encrypted images cannot be pulled";
  private static final String RDT = "resource classes of Intel RDT and blockio cannot be given";
  private static final String TUNING = "annotations that tune CPUs and interrupts are not read";

  private static final Map<String, String> BY_NAME = new HashMap<>();

  static {
    all(MONITOR, "conmon", "conmon_env", "conmon_cgroup", "monitor_path", "monitor_cgroup");
    all(MONITOR, "monitor_env", "monitor_exec_cgroup");
    all(MONITOR, "container_exits_dir", "container_attach_socket_dir");
    all(WIPE, "version_file", "version_file_persist", "clean_shutdown_file", "internal_wipe");
    all(PAUSE, "pause_image", "pause_image_auth_file", "pause_command", "drop_infra_ctr");
    all(NAMESPACES, "pinns_path", "namespaces_dir");
    all(USERS, "uid_mappings", "gid_mappings");
    all(MAPPABLE, "minimum_mappable_uid", "minimum_mappable_gid");
    all(
        "write what it lists as lines SOURCE:DESTINATION into the file of default_mounts_file",
        "default_mounts");
    all(ENCRYPTED, "decryption_keys_path");
    all(RDT, "rdt_config_file", "blockio_config_file", "blockio_reload");
    all(TUNING, "irqbalance_config_file", "irqbalance_config_restore_file", "shared_cpuset");
    all("layers are stacked by overlayfs alone", "storage_driver");
    all("OCI runtimes are always asked to pivot", "no_pivot");
    all(
        "it has none in CRI-O either: the pod says how long a stop waits "
            + "(terminationGracePeriodSeconds)",
        "ctr_stop_timeout");
    all(
        "it has none in CRI-O either: set insecure = true for the registry in registries.conf",
        "insecure_registries");
    all("set unqualified-search-registries in registries.conf", "registries");
    all("registries.conf is read again at each pull", "auto_reload_registries");
    all("images come from registries alone", "default_transport");
    all("pulls write below root, or imagestore", "big_files_temporary_dir");
    all("limit pulls by pull_bytes_per_second", "separate_pull_cgroup");
    all("events are always told", "enable_pod_events");
    all("containers cannot be checkpointed", "enable_criu_support", "container_level_enabled");
    all("the log goes to stderr, from where systemd takes it", "log", "log_format");
    all("runtimes are tables crio.runtime.runtimes.NAME of a configuration file", "runtimes");
    all("its drop-ins are in the folder of registries_conf and .d", "registries_conf_dir");
    all("statistics are read when they are asked for", "stats_collection_period");
    all("statistics are read when they are asked for", "collection_period");
    all("the metrics show how long calls take (enable_metrics)", "enable_tracing");
  }

  private ForeignAdvice() {}

  private static void all(String advice, String... names) {
    for (var name : names) {
      BY_NAME.put(name, advice);
    }
  }

  /// {@return the end of a warning}
  ///
  /// @param key with or without its table
  static String of(String key) {
    var advice = Optional.ofNullable(BY_NAME.get(Option.shortName(key)));
    return advice
        .map(text -> " has no effect: " + text)
        .orElse(" is not supported yet and has no effect");
  }
}
