// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// Every option that is honoured, with CRI-O's table and name (crio.conf(5)), its default and its
/// flag. The order is that of the printed configuration.
public enum Option {
  ROOT(
      "crio.root",
      Kind.PATH,
      "--root",
      "/var/lib/criollo",
      """
      Folder of all that survives a reboot: images, container file systems, state.\
      """),
  RUNROOT(
      "crio.runroot",
      Kind.PATH,
      "--runroot",
      "/run/criollo",
      """
      Folder of all that does not: sockets, namespaces, bundles. A tmpfs.\
      """),
  LOG_DIR(
      "crio.log_dir",
      Kind.PATH,
      "--log-dir",
      "/var/log/criollo/pods",
      """
      Folder of the logs of pods for which the kubelet names none; they go with their pod.\
      """),
  IMAGESTORE(
      "crio.imagestore",
      Kind.PATH,
      "--imagestore",
      "",
      """
      Folder of images alone, to have them on another file system than containers. Not set:
      root.\
      """),
  STORAGE_OPTION(
      "crio.storage_option",
      Kind.TEXTS,
      "--storage-opt",
      "",
      """
      overlay.size=10G and overlay.inodes=100000: how much a container may write to its own
      layer, on a file system that is mounted with prjquota (XFS; ext4 with the features project
      and quota). Not set: no limit.\
      """),
  INTERNAL_REPAIR(
      "crio.internal_repair",
      Kind.SWITCH,
      "--internal-repair",
      "true",
      """
      When the machine went down under the daemon: check all images in the background, and
      take out those that lost something, so that they are pulled again. criollo check does
      the same at any time.\
      """),
  LISTEN(
      "crio.api.listen",
      Kind.SOCKET,
      "--listen",
      "",
      """
      Unix socket on which the CRI is served, mode 0660. Not set: criollo.sock in runroot.
      The kubelet's containerRuntimeEndpoint is this path after unix://.\
      """),
  GRPC_MAX_SEND_MSG_SIZE(
      "crio.api.grpc_max_send_msg_size",
      Kind.NUMBER,
      "--grpc-max-send-msg-size",
      "83886080",
      """
      Bytes of the largest answer; the call fails when it would be larger. 0 or less: the default.\
      """),
  GRPC_MAX_RECV_MSG_SIZE(
      "crio.api.grpc_max_recv_msg_size",
      Kind.NUMBER,
      "--grpc-max-recv-msg-size",
      "83886080",
      """
      Bytes of the largest request. 0 or less: the default.\
      """),
  STREAM_ADDRESS(
      "crio.api.stream_address",
      Kind.TEXT,
      "--stream-address",
      "127.0.0.1",
      """
      IP address on which exec, attach and port-forward are served to the kubelet.\
      """),
  STREAM_PORT(
      "crio.api.stream_port",
      Kind.TEXT,
      "--stream-port",
      "0",
      """
      Its port. 0: the kernel chooses a free one.\
      """),
  STREAM_IDLE_TIMEOUT(
      "crio.api.stream_idle_timeout",
      Kind.TEXT,
      "--stream-idle-timeout",
      "4h",
      """
      How long such a connection may carry nothing before it is closed, such as 4h or 30m.\
      """),
  STREAM_ENABLE_TLS(
      "crio.api.stream_enable_tls",
      Kind.SWITCH,
      "--stream-enable-tls",
      "false",
      """
      Serve them over TLS, with the certificate and key below.\
      """),
  STREAM_TLS_CERT(
      "crio.api.stream_tls_cert",
      Kind.PATH,
      "--stream-tls-cert",
      "",
      """
      PEM file of the certificate, then those that vouch for it. Read again when it changes.\
      """),
  STREAM_TLS_KEY(
      "crio.api.stream_tls_key",
      Kind.PATH,
      "--stream-tls-key",
      "",
      """
      PEM file of its private key. Read again when it changes.\
      """),
  STREAM_TLS_CA(
      "crio.api.stream_tls_ca",
      Kind.PATH,
      "--stream-tls-ca",
      "",
      """
      PEM file of authorities: clients must show a certificate that one of them signed. Not
      set: they need none. Read again when it changes.\
      """),
  TLS_MIN_VERSION(
      "crio.api.tls_min_version",
      Kind.TEXT,
      "--tls-min-version",
      "VersionTLS12",
      """
      Oldest version of TLS that is spoken: VersionTLS12 or VersionTLS13.\
      """),
  TLS_CIPHER_SUITES(
      "crio.api.tls_cipher_suites",
      Kind.TEXTS,
      "--tls-cipher-suites",
      "",
      """
      Cipher suites of TLS 1.2 by their IANA names. Not set: those that Java prefers. Those of
      TLS 1.3 cannot be chosen.\
      """),
  DEFAULT_RUNTIME(
      "crio.runtime.default_runtime",
      Kind.TEXT,
      "--default-runtime",
      "",
      """
      OCI runtime of pods that name none. Not set: crun, or runc where crun is not installed.\
      """),
  CGROUP_MANAGER(
      "crio.runtime.cgroup_manager",
      Kind.TEXT,
      "--cgroup-manager",
      "",
      """
      Who makes the cgroups of pods: systemd (slices and scopes) or cgroupfs (Criollo itself). The
      kubelet takes it over. Not set: systemd where it is the node's init, else cgroupfs.\
      """),
  DEFAULT_CAPABILITIES(
      "crio.runtime.default_capabilities",
      Kind.TEXTS,
      "--default-capabilities",
      "CHOWN,DAC_OVERRIDE,FSETID,FOWNER,SETGID,SETUID,SETPCAP,NET_BIND_SERVICE,KILL",
      """
      Linux capabilities of containers whose pod names none, with or without CAP_.\
      """),
  ADD_INHERITABLE_CAPABILITIES(
      "crio.runtime.add_inheritable_capabilities",
      Kind.SWITCH,
      "--add-inheritable-capabilities",
      "false",
      """
      Make the capabilities of containers inheritable, so that programs of users other than root
      can gain them by capabilities of their files.\
      """),
  DEFAULT_ULIMITS(
      "crio.runtime.default_ulimits",
      Kind.TEXTS,
      "--default-ulimits",
      "",
      """
      Limits of processes in containers, as NAME=SOFT:HARD with the names of setrlimit(2), for
      example nofile=1024:2048; -1 is no limit. What is not here is as it was when the daemon
      was started.\
      """),
  PIDS_LIMIT(
      "crio.runtime.pids_limit",
      Kind.NUMBER,
      "--pids-limit",
      "-1",
      """
      Processes and threads that a container may have; 0 or less: no limit. Better let the
      kubelet limit pods (podPidsLimit).\
      """),
  TIMEZONE(
      "crio.runtime.timezone",
      Kind.TEXT,
      "--timezone",
      "",
      """
      Time zone of containers, such as Europe/Madrid, from /usr/share/zoneinfo; Local: that of
      the node. Not set: the image's own.\
      """),
  DEFAULT_SYSCTLS(
      "crio.runtime.default_sysctls",
      Kind.TEXTS,
      "--default-sysctls",
      "",
      """
      Kernel parameters of pods, as NAME=VALUE, unless a pod gives them other values. Those
      that do not belong to a namespace of the pod are left out with a warning.\
      """),
  DEFAULT_ENV(
      "crio.runtime.default_env",
      Kind.TEXTS,
      "--default-env",
      "",
      """
      Environment of every container, as NAME=VALUE; what the image or the pod has of the same
      name holds.\
      """),
  MIN_INJECTED_GOMAXPROCS(
      "crio.runtime.min_injected_gomaxprocs",
      Kind.NUMBER,
      "--min-injected-gomaxprocs",
      "0",
      """
      Set GOMAXPROCS in containers of burstable and best-effort pods that have no limit of CPU
      time: to twice the CPUs that they request, and to this at least. 0: it is not set. A pod
      with the annotation skip-gomaxprocs.crio.io = "true" is spared.\
      """),
  READ_ONLY(
      "crio.runtime.read_only",
      Kind.SWITCH,
      "--read-only",
      "false",
      """
      Give every container a read-only root file system, and file systems in memory on /run,
      /tmp and /var/tmp.\
      """),
  SECCOMP_PROFILE(
      "crio.runtime.seccomp_profile",
      Kind.PATH,
      "--seccomp-profile",
      "",
      """
      Seccomp profile, in JSON, of containers that ask for that of the runtime. Not set: a
      built-in one.\
      """),
  PRIVILEGED_SECCOMP_PROFILE(
      "crio.runtime.privileged_seccomp_profile",
      Kind.PATH,
      "--privileged-seccomp-profile",
      "",
      """
      Seccomp profile, in JSON, of privileged containers. Not set: they have none.\
      """),
  ABSENT_MOUNT_SOURCES_TO_REJECT(
      "crio.runtime.absent_mount_sources_to_reject",
      Kind.PATHS,
      "--absent-mount-sources-to-reject",
      "",
      """
      Paths of the node that are not made when a mount names them and they are missing: the
      container is refused. /etc/hostname is the usual one.\
      """),
  BIND_MOUNT_PREFIX(
      "crio.runtime.bind_mount_prefix",
      Kind.PATH,
      "--bind-mount-prefix",
      "",
      """
      Folder under which this daemon finds the paths of the node that pods mount, when it runs in
      a container itself. Not set: the root.\
      """),
  DEFAULT_MOUNTS_FILE(
      "crio.runtime.default_mounts_file",
      Kind.PATH,
      "--default-mounts-file",
      "",
      """
      File with lines SOURCE:DESTINATION of what every container gets a copy of, such as
      subscriptions of the node. Not set: /etc/containers/mounts.conf, and where that is missing
      /usr/share/containers/mounts.conf.\
      """),
  ADDITIONAL_DEVICES(
      "crio.runtime.additional_devices",
      Kind.TEXTS,
      "--additional-devices",
      "",
      """
      Devices of the node that every container has, as /dev/sdc, /dev/sdc:rwm or
      /dev/sdc:/dev/xvdc:rwm, of r (read), w (write) and m (mknod).\
      """),
  ALLOWED_DEVICES(
      "crio.runtime.allowed_devices",
      Kind.PATHS,
      "--allowed-devices",
      "/dev/fuse,/dev/net/tun",
      """
      Devices of the node that pods may name in the annotation devices.crio.io, where their
      runtime handler allows that (allowed_annotations).\
      """),
  DEVICE_OWNERSHIP_FROM_SECURITY_CONTEXT(
      "crio.runtime.device_ownership_from_security_context",
      Kind.SWITCH,
      "--device-ownership-from-security-context",
      "false",
      """
      Give the devices that a pod asks for to the user and group it runs as; else they belong to
      whom they belong on the node.\
      """),
  CDI_SPEC_DIRS(
      "crio.runtime.cdi_spec_dirs",
      Kind.PATHS,
      "--cdi-spec-dirs",
      "/etc/cdi,/var/run/cdi",
      """
      Folders of descriptions of devices (Container Device Interface); a device in a later one
      takes the place of its namesake in an earlier one.\
      """),
  HOOKS_DIR(
      "crio.runtime.hooks_dir",
      Kind.PATHS,
      "--hooks-dir",
      "/usr/share/containers/oci/hooks.d",
      """
      Folders of OCI hooks, oci-hooks(5): programs that run at stages of containers' lives. A
      file of a later folder takes the place of its namesake in an earlier one. Read again when
      they change. Files and folders must be root's.\
      """),
  APPARMOR_PROFILE(
      "crio.runtime.apparmor_profile",
      Kind.TEXT,
      "--apparmor-profile",
      "",
      """
      AppArmor profile of containers that name none, or unconfined. A container that needs one
      which is not loaded by then is refused. Not set: criollo-default, which is loaded at the
      start; crio-default is the same.\
      """),
  SELINUX(
      "crio.runtime.selinux",
      Kind.SWITCH,
      "--selinux",
      "true",
      """
      Keep pods apart by SELinux where the node has it and its policy knows container_t. CRI-O has
      it off unless told.\
      """),
  HOSTNETWORK_DISABLE_SELINUX(
      "crio.runtime.hostnetwork_disable_selinux",
      Kind.SWITCH,
      "--hostnetwork-disable-selinux",
      "true",
      """
      Let pods on the network of the node run as spc_t, which SELinux does not confine.\
      """),
  DISABLE_HOSTPORT_MAPPING(
      "crio.runtime.disable_hostport_mapping",
      Kind.SWITCH,
      "--disable-hostport-mapping",
      "false",
      """
      Leave ports of the node that no plugin of the network asks for to others, such as a network
      provider that sees to them itself. false: the plugin portmap maps them.\
      """),
  POD_INIT_PATH(
      "crio.runtime.pod_init_path",
      Kind.PATH,
      "--pod-init-path",
      "",
      """
      Static program that is process 1 of pods whose containers share a PID namespace; it is
      called with -P and waits. Not set: catatonit where it is installed.\
      """),
  INFRA_CTR_CPUSET(
      "crio.runtime.infra_ctr_cpuset",
      Kind.TEXT,
      "--infra-ctr-cpuset",
      "",
      """
      CPUs on which the inits of pods run, as 0-2,7. Not set: all.\
      """),
  LOG_SIZE_MAX(
      "crio.runtime.log_size_max",
      Kind.NUMBER,
      "--log-size-max",
      "-1",
      """
      Bytes that a container's log file never exceeds: another one takes its place then. At
      least 8192; negative: no limit. Better let the kubelet rotate (containerLogMaxSize).\
      """),
  LOG_TO_JOURNALD(
      "crio.runtime.log_to_journald",
      Kind.SWITCH,
      "--log-journald",
      "false",
      """
      Send containers' lines to journald too. What it does not take in time is counted.\
      """),
  LOG_DROP(
      "crio.runtime.log_drop",
      Kind.SWITCH,
      "--log-drop",
      "false",
      """
      What becomes of a container that writes faster than its lines can be logged. false: it
      waits. true: lines are dropped, and counted. CRI-O has no such option.\
      """),
  LOG_LEVEL(
      "crio.runtime.log_level",
      Kind.TEXT,
      "--log-level",
      "info",
      """
      Least level that is logged: error, warn, info or debug. fatal and panic mean error,
      trace means debug.\
      """),
  LOG_FILTER(
      "crio.runtime.log_filter",
      Kind.TEXT,
      "--log-filter",
      "",
      """
      Regular expression (RE2) of the messages that are logged at all. Not set: every message.
      SIGHUP takes it over, and log_level.\
      """),
  PINNED_IMAGES(
      "crio.image.pinned_images",
      Kind.TEXTS,
      "--pinned-images",
      "",
      """
      Images that the kubelet's garbage collection spares: a name, or a part of one with * at
      the end or at both ends.\
      """),
  PULL_BYTES_PER_SECOND(
      "crio.image.pull_bytes_per_second",
      Kind.NUMBER,
      "--pull-bytes-per-second",
      "0",
      """
      Bytes that all pulls together take from registries in a second, at most, so that pods keep
      their share of the network; 0: no limit. CRI-O has no such option.\
      """),
  PULL_PROGRESS_TIMEOUT(
      "crio.image.pull_progress_timeout",
      Kind.TEXT,
      "--pull-progress-timeout",
      "0s",
      """
      How long a registry may send nothing before its connection is given up; the pull goes on
      over another one, or from a mirror. 0s: the usual 60 s.\
      """),
  IMAGE_VOLUMES(
      "crio.image.image_volumes",
      Kind.TEXT,
      "--image-volumes",
      "mkdir",
      """
      What becomes of the VOLUME paths of images: mkdir (a directory in the container's tree, made
      if missing), bind (an empty directory outside it, writable even where the tree is not, which
      goes with the container) or ignore (nothing).\
      """),
  OCI_ARTIFACT_MOUNT_SUPPORT(
      "crio.image.oci_artifact_mount_support",
      Kind.SWITCH,
      "--oci-artifact-mount-support",
      "true",
      """
      Let pods mount OCI artifacts as image volumes: a read-only folder of their files.\
      """),
  GLOBAL_AUTH_FILE(
      "crio.image.global_auth_file",
      Kind.PATH,
      "--global-auth-file",
      "",
      """
      Credentials for registries, in the form of ~/.docker/config.json, for pulls that bring
      none.\
      """),
  NAMESPACED_AUTH_DIR(
      "crio.image.namespaced_auth_dir",
      Kind.PATH,
      "--namespaced-auth-dir",
      "/etc/crio/auth",
      """
      Folder of credentials for one namespace and image each, NAMESPACE-SHA256.json with the
      hash of the image's name without tag, as CRI-O's credential provider writes them.\
      """),
  SIGNATURE_POLICY(
      "crio.image.signature_policy",
      Kind.PATH,
      "--signature-policy",
      "",
      """
      Which images are let in, containers-policy.json(5). Not set: /etc/containers/policy.json,
      and without that file every image.\
      """),
  SIGNATURE_POLICY_DIR(
      "crio.image.signature_policy_dir",
      Kind.PATH,
      "--signature-policy-dir",
      "/etc/crio/policies",
      """
      Folder with a policy of its own, NAMESPACE.json, for the pods of a namespace.\
      """),
  REGISTRIES_CONF(
      "crio.image.registries_conf",
      Kind.PATH,
      "--registries-conf",
      "/etc/containers/registries.conf",
      """
      Mirrors and insecure registries, containers-registries.conf(5), with the drop-ins in the
      folder of this name and .d. CRI-O has it as a flag only.\
      """),
  SHORT_NAME_MODE(
      "crio.image.short_name_mode",
      Kind.TEXT,
      "--short-name-mode",
      "enforcing",
      """
      What becomes of a short name that several registries may have, whatever registries.conf
      says of it: enforcing refuses it, disabled takes the first that has it. Empty:
      registries.conf decides.\
      """),
  NETWORK_DIR(
      "crio.network.network_dir",
      Kind.PATH,
      "--cni-config-dir",
      "/etc/cni/net.d",
      """
      Folder of CNI network configurations. It is read again when it changes.\
      """),
  PLUGIN_DIRS(
      "crio.network.plugin_dirs",
      Kind.PATHS,
      "--cni-plugin-dir",
      "/opt/cni/bin,/usr/lib/cni",
      """
      Folders of CNI plugins, the first that has a plugin wins. Nothing else is executed.\
      """),
  CNI_DEFAULT_NETWORK(
      "crio.network.cni_default_network",
      Kind.TEXT,
      "--cni-default-network",
      "",
      """
      Name of the network of pods. Not set: that of the first file in network_dir.\
      """),
  CNI_STATUS_GRACE_PERIOD(
      "crio.network.cni_status_grace_period",
      Kind.TEXT,
      "--cni-status-grace-period",
      "0s",
      """
      How long the network's plugins may say that they are not ready before the node is told to
      be, such as 1m, once they were ready. 0s: it is told at once.\
      """),
  ENABLE_METRICS(
      "crio.metrics.enable_metrics",
      Kind.SWITCH,
      "--enable-metrics",
      "false",
      """
      Serve what the daemon counts, and how far pulls are, at /metrics for Prometheus.\
      """),
  METRICS_COLLECTORS(
      "crio.metrics.metrics_collectors",
      Kind.TEXTS,
      "--metrics-collectors",
      "",
      """
      Which metrics, by CRI-O's names and others that it has not. Not set: all. Those of the
      process are always there.\
      """),
  METRICS_HOST(
      "crio.metrics.metrics_host",
      Kind.TEXT,
      "--metrics-host",
      "127.0.0.1",
      """
      IP address or host name on which they are served. Empty: all addresses of the node.\
      """),
  METRICS_PORT(
      "crio.metrics.metrics_port",
      Kind.NUMBER,
      "--metrics-port",
      "9090",
      """
      Its port. 0: the kernel chooses a free one, and the log names it.\
      """),
  METRICS_SOCKET(
      "crio.metrics.metrics_socket",
      Kind.SOCKET,
      "--metrics-socket",
      "",
      """
      Unix socket on which they are served too, mode 0660.\
      """),
  METRICS_CERT(
      "crio.metrics.metrics_cert",
      Kind.PATH,
      "--metrics-cert",
      "",
      """
      PEM file of a certificate; with it and its key metrics are served over TLS alone, with
      tls_min_version and tls_cipher_suites of crio.api. Read again when it changes. CRI-O
      makes one when there is none.\
      """),
  METRICS_KEY(
      "crio.metrics.metrics_key",
      Kind.PATH,
      "--metrics-key",
      "",
      """
      PEM file of its private key.\
      """),
  INCLUDED_POD_METRICS(
      "crio.stats.included_pod_metrics",
      Kind.TEXTS,
      "--included-pod-metrics",
      "all",
      """
      Which metrics of pods the kubelet gets: cpu, disk, diskIO, hugetlb, memory, network, oom,
      pressure, process, spec, or all alone. CRI-O has none of these unless told.\
      """);

  private final String key;
  private final Kind kind;
  private final String flag;
  private final String fallback;
  private final String help;

  Option(String key, Kind kind, String flag, String fallback, String help) {
    this.key = key;
    this.kind = kind;
    this.flag = flag;
    this.fallback = fallback;
    this.help = help;
  }

  /// {@return the option's full name in a file, such as `crio.api.listen`}
  public String key() {
    return key;
  }

  /// {@return its name on the command line, such as `--listen`}
  public String flag() {
    return flag;
  }

  /// {@return its environment variable, such as `CONTAINER_LISTEN`, by CRI-O's names}
  public String variable() {
    return switch (this) {
      case CNI_STATUS_GRACE_PERIOD -> "CNI_STATUS_GRACE_PERIOD";
      case MIN_INJECTED_GOMAXPROCS -> "CONTAINER_INJECT_GOMAXPROCS";
      case DISABLE_HOSTPORT_MAPPING -> "DISABLE_HOSTPORT_MAPPING";
      case STREAM_IDLE_TIMEOUT -> "STREAM_IDLE_TIMEOUT";
      case STREAM_ENABLE_TLS -> "CONTAINER_ENABLE_TLS";
      case STREAM_TLS_CERT -> "CONTAINER_TLS_CERT";
      case STREAM_TLS_KEY -> "CONTAINER_TLS_KEY";
      case STREAM_TLS_CA -> "CONTAINER_TLS_CA";
      case TIMEZONE -> "CONTAINER_TIME_ZONE";
      case OCI_ARTIFACT_MOUNT_SUPPORT -> "CONTAINER_OCI_ARTIFACT_SUPPORT";
      default -> "CONTAINER_" + flag.substring(2).toUpperCase(Locale.ROOT).replace('-', '_');
    };
  }

  /// {@return what stands for the value in a help text}
  public String placeholder() {
    return kind.placeholder();
  }

  /// {@return one to three lines for people}
  public String help() {
    return help;
  }

  /// {@return the option with this flag}
  public static Optional<Option> ofFlag(String flag) {
    return Arrays.stream(values()).filter(option -> option.flag.equals(flag)).findFirst();
  }

  /// {@return whether its flag stands alone, without a value}
  public boolean isSwitch() {
    return kind == Kind.SWITCH;
  }

  /// {@return an argument of the command line as this option's value}
  ///
  /// @throws IllegalArgumentException when it is none
  public List<String> parse(String argument) {
    return kind.parse(argument);
  }

  /// {@return what holds when the flag is given twice: both for a list, else the latter}
  public List<String> joined(List<String> first, List<String> second) {
    return kind.isList() ? Stream.concat(first.stream(), second.stream()).toList() : second;
  }

  /// {@return the default for people; empty where there is none}
  public Optional<String> defaultText() {
    return fallback.isEmpty() ? Optional.empty() : Optional.of(fallback);
  }

  static Optional<Option> ofKey(String key) {
    return Arrays.stream(values()).filter(option -> option.key.equals(key)).findFirst();
  }

  /// {@return whether it has any number of values}
  public boolean isList() {
    return kind.isList();
  }

  Kind kind() {
    return kind;
  }

  List<String> fallback() {
    return kind.parse(fallback);
  }

  /// {@return the table that it stands in, such as `crio.api`}
  String table() {
    return key.substring(0, key.lastIndexOf('.'));
  }

  /// {@return its name within the table, such as `listen`}
  String shortName() {
    return shortName(key);
  }

  /// {@return the last part of an option's name, with or without its table}
  static String shortName(String key) {
    return key.substring(key.lastIndexOf('.') + 1);
  }
}
