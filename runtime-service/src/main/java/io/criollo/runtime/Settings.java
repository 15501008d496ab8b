// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime;

import io.criollo.cni.CniSettings;
import io.criollo.conmon.client.MonitorSettings;
import io.criollo.conmon.oci.OciRuntimeSettings;
import io.criollo.image.AuthFiles;
import io.criollo.image.DownloadLimits;
import io.criollo.image.ImageSettings;
import io.criollo.image.RegistryFiles;
import io.criollo.image.SignatureSettings;
import io.criollo.image.Storage;
import io.criollo.image.mount.UpperLimit;
import io.criollo.image.policy.PolicyFiles;
import io.criollo.image.registry.ShortNameMode;
import io.criollo.linux.cgroup.CgroupDriver;
import io.criollo.linux.cgroup.Cgroupfs;
import io.criollo.linux.cgroup.SystemdCgroups;
import io.criollo.runtime.config.Configuration;
import io.criollo.runtime.config.GoDuration;
import io.criollo.runtime.config.Option;
import io.criollo.runtime.config.RuntimeEntry;
import io.criollo.runtime.config.SysctlText;
import io.criollo.runtime.config.TimeZoneFile;
import io.criollo.runtime.container.LogOptions;
import io.criollo.runtime.hooks.HookFolders;
import io.criollo.runtime.metrics.Collector;
import io.criollo.runtime.metrics.MetricsSettings;
import io.criollo.runtime.rpc.MessageSizes;
import io.criollo.runtime.spec.AnnotationRules;
import io.criollo.runtime.spec.ContainerDefaults;
import io.criollo.runtime.spec.CpuList;
import io.criollo.runtime.spec.DefaultSeccomp;
import io.criollo.runtime.spec.DeviceText;
import io.criollo.runtime.spec.HandlerDefaults;
import io.criollo.runtime.spec.Rlimit;
import io.criollo.runtime.spec.VolumeMode;
import io.criollo.runtime.state.Layout;
import io.criollo.runtime.state.RuntimeHandlers;
import io.criollo.runtime.stats.metrics.MetricGroup;
import io.criollo.runtime.streaming.StreamingSettings;
import io.criollo.runtime.tls.TlsSettings;
import io.criollo.runtime.tls.TlsVersion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The configuration in the shape in which the parts of the daemon take it.
///
/// @param home the folder with the program's {@code bin} and {@code lib}
record Settings(Configuration configuration, Path home) {
  private static final Duration CNI_TIMEOUT = Duration.ofSeconds(90);

  /// An operator's, and the one that comes with the system (containers-mounts.conf(5)).
  private static final List<Path> MOUNTS_CONF =
      List.of(Path.of("/etc/containers/mounts.conf"), Path.of("/usr/share/containers/mounts.conf"));

  Layout layout() {
    return new Layout(
        configuration.requiredPath(Option.ROOT),
        configuration.requiredPath(Option.RUNROOT),
        configuration.requiredPath(Option.LOG_DIR));
  }

  /// {@return the CRI's socket}
  Path listen() {
    return configuration.path(Option.LISTEN).orElse(layout().run().resolve("criollo.sock"));
  }

  MessageSizes messages() {
    return new MessageSizes(
        messageSize(Option.GRPC_MAX_RECV_MSG_SIZE), messageSize(Option.GRPC_MAX_SEND_MSG_SIZE));
  }

  /// As CRI-O has it, 0 and less mean the default.
  private int messageSize(Option option) {
    int size = Integer.parseInt(configuration.text(option).orElse("0"));
    return size > 0 ? size : MessageSizes.USUAL.received();
  }

  StreamingSettings streaming() {
    var address = InetAddress.ofLiteral(configuration.text(Option.STREAM_ADDRESS).orElseThrow());
    int port = Integer.parseInt(configuration.text(Option.STREAM_PORT).orElseThrow());
    var usual = StreamingSettings.at(new InetSocketAddress(address, port));
    var idle = configuration.text(Option.STREAM_IDLE_TIMEOUT).flatMap(GoDuration::parse);
    return new StreamingSettings(
        usual.address(), idle.orElse(usual.idle()), usual.creation(), streamingTls());
  }

  private Optional<TlsSettings> streamingTls() {
    if (!configuration.isOn(Option.STREAM_ENABLE_TLS)) {
      return Optional.empty();
    }
    return Optional.of(
        tls(
            configuration.requiredPath(Option.STREAM_TLS_CERT),
            configuration.requiredPath(Option.STREAM_TLS_KEY),
            configuration.path(Option.STREAM_TLS_CA)));
  }

  private TlsSettings tls(Path certificate, Path key, Optional<Path> authority) {
    var least = configuration.text(Option.TLS_MIN_VERSION).flatMap(TlsVersion::of);
    return new TlsSettings(
        certificate,
        key,
        authority,
        least.orElse(TlsVersion.TLS12),
        configuration.texts(Option.TLS_CIPHER_SUITES));
  }

  /// {@return where metrics are served; empty while they are off}
  Optional<MetricsSettings> metrics() {
    if (!configuration.isOn(Option.ENABLE_METRICS)) {
      return Optional.empty();
    }
    int port = Integer.parseInt(configuration.text(Option.METRICS_PORT).orElseThrow());
    return Optional.of(
        new MetricsSettings(
            configuration
                .text(Option.METRICS_HOST)
                .map(host -> new InetSocketAddress(host, port))
                .orElse(new InetSocketAddress(port)),
            configuration.path(Option.METRICS_SOCKET),
            configuration
                .path(Option.METRICS_CERT)
                .map(file ->
                    tls(file, configuration.requiredPath(Option.METRICS_KEY), Optional.empty())),
            shownMetrics()));
  }

  private Set<Collector> shownMetrics() {
    var names = configuration.texts(Option.METRICS_COLLECTORS);
    return names.isEmpty()
        ? EnumSet.allOf(Collector.class)
        : names.stream()
            .map(Collector::parse)
            .flatMap(Optional::stream)
            .collect(Collectors.toUnmodifiableSet());
  }

  /// {@return the configured init of pods}
  Optional<Path> podInit() {
    return configuration.path(Option.POD_INIT_PATH);
  }

  /// @param appArmorProfile of containers that name none
  ContainerDefaults containers(Optional<String> appArmorProfile) throws IOException {
    var configured = configuration.texts(Option.DEFAULT_ULIMITS).stream().map(Rlimit::parse);
    return new ContainerDefaults(
        security(appArmorProfile),
        new ContainerDefaults.Processes(
            OpenFilesLimit.with(configured.toList()),
            configuration.texts(Option.DEFAULT_ENV),
            Long.parseLong(configuration.text(Option.PIDS_LIMIT).orElse("-1")),
            Long.parseLong(configuration.text(Option.MIN_INJECTED_GOMAXPROCS).orElse("0")),
            configuration.text(Option.INFRA_CTR_CPUSET).map(CpuList::new),
            false),
        new ContainerDefaults.Files(
            VolumeMode.parse(configuration.text(Option.IMAGE_VOLUMES).orElse("mkdir")),
            configuration.isOn(Option.READ_ONLY),
            configuration.paths(Option.ABSENT_MOUNT_SOURCES_TO_REJECT),
            configuration.text(Option.TIMEZONE).map(TimeZoneFile::of),
            configuration.path(Option.DEFAULT_MOUNTS_FILE).map(List::of).orElse(MOUNTS_CONF),
            configuration.path(Option.BIND_MOUNT_PREFIX)),
        new ContainerDefaults.Devices(
            configuration.paths(Option.CDI_SPEC_DIRS),
            configuration.texts(Option.ADDITIONAL_DEVICES).stream().map(DeviceText::parse).toList(),
            Set.copyOf(configuration.texts(Option.ALLOWED_DEVICES)),
            configuration.isOn(Option.DEVICE_OWNERSHIP_FROM_SECURITY_CONTEXT),
            true),
        AnnotationRules.NONE,
        hooks());
  }

  private HookFolders hooks() throws IOException {
    try {
      return HookFolders.open(configuration.paths(Option.HOOKS_DIR));
    } catch (IOException e) {
      throw new IOException(Option.HOOKS_DIR.key() + ": " + e.getMessage(), e);
    }
  }

  private ContainerDefaults.Security security(Optional<String> appArmorProfile) throws IOException {
    var seccomp = configuration.path(Option.SECCOMP_PROFILE);
    var privileged = configuration.path(Option.PRIVILEGED_SECCOMP_PROFILE);
    return new ContainerDefaults.Security(
        configuration.texts(Option.DEFAULT_CAPABILITIES),
        configuration.isOn(Option.ADD_INHERITABLE_CAPABILITIES),
        appArmorProfile,
        configuration.isOn(Option.SELINUX),
        !configuration.isOn(Option.HOSTNETWORK_DISABLE_SELINUX),
        seccomp(Option.SECCOMP_PROFILE.key(), seccomp),
        seccomp(Option.PRIVILEGED_SECCOMP_PROFILE.key(), privileged));
  }

  private static Optional<DefaultSeccomp> seccomp(String key, Optional<Path> file)
      throws IOException {
    if (file.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(DefaultSeccomp.read(file.get()));
    } catch (IOException e) {
      throw new IOException(key + " " + file.get() + ": " + e, e);
    }
  }

  /// {@return the name of the profile of containers that name none; empty: our own}
  String appArmorProfile() {
    return configuration.text(Option.APPARMOR_PROFILE).orElse("");
  }

  /// {@return kernel parameters of every pod}
  Map<String, String> sysctls() {
    return configuration.texts(Option.DEFAULT_SYSCTLS).stream()
        .map(SysctlText::parse)
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (_, later) -> later));
  }

  /// {@return what containers of each handler have of their own}
  Map<String, HandlerDefaults> handlerDefaults() throws IOException {
    var defaults = new HashMap<String, HandlerDefaults>();
    for (var runtime : configuration.runtimes().values()) {
      var own = runtime.containers();
      var key = "crio.runtime.runtimes." + runtime.name() + ".seccomp_profile";
      defaults.put(
          runtime.name(),
          new HandlerDefaults(
              own.minimumMemory(),
              own.devicesWhenPrivileged(),
              seccomp(key, own.seccompProfile()),
              own.annotations(),
              own.execOnFirstCpu()));
    }
    return defaults;
  }

  /// {@return which metrics of pods there are}
  Set<MetricGroup> podMetrics() {
    return configuration.texts(Option.INCLUDED_POD_METRICS).stream()
        .flatMap(text -> MetricGroup.parse(text).stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  /// {@return how long plugins may be unready before the node is}
  Duration networkGrace() {
    return configuration
        .text(Option.CNI_STATUS_GRACE_PERIOD)
        .flatMap(GoDuration::parse)
        .orElse(Duration.ZERO);
  }

  CniSettings cni() {
    return new CniSettings(
        configuration.requiredPath(Option.NETWORK_DIR),
        configuration.paths(Option.PLUGIN_DIRS),
        layout().cniCache(),
        configuration.text(Option.CNI_DEFAULT_NETWORK),
        CNI_TIMEOUT);
  }

  private Storage storage() {
    var usual = Storage.under(layout().root());
    var limit = configuration.layerLimit();
    return new Storage(
        configuration
            .path(Option.IMAGESTORE)
            .map(folder -> folder.resolve("images"))
            .orElse(usual.images()),
        usual.containers(),
        new UpperLimit(limit.bytes(), limit.inodes()));
  }

  ImageSettings images() {
    var usual = ImageSettings.of(layout().root());
    var files = RegistryFiles.of(configuration.requiredPath(Option.REGISTRIES_CONF));
    var shortNames = configuration.text(Option.SHORT_NAME_MODE).flatMap(ShortNameMode::of);
    return new ImageSettings(
        storage(),
        new RegistryFiles(files.conf(), files.dropIns(), shortNames),
        usual.certificates(),
        new AuthFiles(
            configuration.path(Option.NAMESPACED_AUTH_DIR),
            configuration.path(Option.GLOBAL_AUTH_FILE)),
        new SignatureSettings(
            new PolicyFiles(
                usual.signatures().policies().usual(),
                configuration.path(Option.SIGNATURE_POLICY),
                configuration.path(Option.SIGNATURE_POLICY_DIR)),
            usual.signatures().stores()),
        Set.copyOf(configuration.texts(Option.PINNED_IMAGES)),
        usual.platform(),
        new DownloadLimits(
            usual.limits().layers(),
            Long.parseLong(configuration.text(Option.PULL_BYTES_PER_SECOND).orElse("0")),
            configuration
                .text(Option.PULL_PROGRESS_TIMEOUT)
                .flatMap(GoDuration::parse)
                .filter(Duration::isPositive)
                .orElse(usual.limits().silence())));
  }

  /// {@return whether artifacts may be mounted as volumes}
  boolean mountsArtifacts() {
    return configuration.isOn(Option.OCI_ARTIFACT_MOUNT_SUPPORT);
  }

  MonitorSettings monitor() {
    var layout = layout();
    return new MonitorSettings(
        layout.monitorSocket(),
        layout.monitorState(),
        layout.run(),
        List.of(home.resolve("bin/criollo-monitor").toString()));
  }

  LogOptions logs() {
    long size = Long.parseLong(configuration.text(Option.LOG_SIZE_MAX).orElse("-1"));
    return new LogOptions(
        Math.max(size, 0),
        configuration.isOn(Option.LOG_DROP),
        configuration.isOn(Option.LOG_TO_JOURNALD));
  }

  RuntimeHandlers handlers() {
    var byName =
        configuration.runtimes().values().stream()
            .collect(Collectors.toUnmodifiableMap(RuntimeEntry::name, this::runtime));
    return new RuntimeHandlers(byName, configuration.text(Option.DEFAULT_RUNTIME).orElse(""));
  }

  private OciRuntimeSettings runtime(RuntimeEntry entry) {
    return new OciRuntimeSettings(
        entry.name(), entry.path(), entry.root(), systemd(), entry.containers().createLimit());
  }

  /// {@return whether cgroups are systemd's}
  boolean systemd() {
    return configuration.text(Option.CGROUP_MANAGER).orElse("").equals("systemd");
  }

  CgroupDriver cgroups() {
    var files = new Cgroupfs(Path.of("/sys/fs/cgroup"));
    return systemd() ? new SystemdCgroups(files) : files;
  }
}
