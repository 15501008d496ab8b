// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import io.criollo.cri.v1.ContainerConfig;
import io.criollo.cri.v1.ContainerUser;
import io.criollo.cri.v1.LinuxContainerUser;
import io.criollo.cri.v1.NamespaceMode;
import io.criollo.cri.v1.NamespaceOption;
import io.criollo.cri.v1.PodSandboxConfig;
import io.criollo.image.Image;
import io.criollo.image.mount.RootFilesystem;
import io.criollo.linux.AtomicFile;
import io.criollo.linux.FileLabels;
import io.criollo.linux.LinuxException;
import io.criollo.linux.PidFd;
import io.criollo.linux.cgroup.CgroupDriver;
import io.criollo.runtime.spec.ContainerUserIds;
import io.criollo.runtime.spec.NamespacePaths;
import io.criollo.runtime.spec.OciResources;
import io.criollo.runtime.spec.OciSpec;
import io.criollo.runtime.spec.PodPaths;
import io.criollo.runtime.spec.SandboxAnnotations;
import io.criollo.runtime.spec.SelinuxLabels;
import io.criollo.runtime.spec.SpecBuilder;
import io.criollo.runtime.spec.SpecInput;
import io.criollo.runtime.spec.UserNs;
import io.criollo.runtime.spec.UserResolver;
import io.criollo.runtime.state.Container;
import io.criollo.runtime.state.ContainerId;
import io.criollo.runtime.state.ContainerState;
import io.criollo.runtime.state.Containers;
import io.criollo.runtime.state.Layout;
import io.criollo.runtime.state.LiveProcess;
import io.criollo.runtime.state.Pod;
import io.criollo.runtime.state.PodId;
import io.criollo.runtime.state.Refusal;
import io.criollo.runtime.state.Undo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Writes OCI bundles: a folder with the container's config.json.
public final class Bundles {
  private static final String CONFIG = "config.json";
  private static final String NAMESPACES = "config.linux.security_context.namespace_options.";
  private static final Path SHM_OF_NODE = Path.of("/dev/shm");

  private final Layout layout;
  private final Containers containers;
  private final CgroupDriver cgroups;
  private final HandlerFeatures features;

  public Bundles(
      Layout layout, Containers containers, CgroupDriver cgroups, HandlerFeatures features) {
    this.cgroups = cgroups;
    this.layout = layout;
    this.containers = containers;
    this.features = features;
  }

  /// What a bundle is made from.
  record Input(
      ContainerId id,
      Pod pod,
      ContainerConfig config,
      Image image,
      RootFilesystem rootfs,
      String cgroup) {}

  /// {@return the path of the cgroup that a container of the pod will have}
  ///
  /// @throws Refusal.FailedPrecondition when the pod's cgroup was made by another driver
  String cgroup(Pod pod, ContainerId id) {
    try {
      return cgroups.ofContainer(pod.record().place().cgroup(), id.hex());
    } catch (LinuxException e) {
      throw new Refusal.FailedPrecondition("pod " + pod.id() + ": " + e.getMessage(), e);
    }
  }

  /// {@return what the container's first process runs as}
  ContainerUser write(Input input) throws IOException, InterruptedException {
    var config = asPod(input.pod, input.config);
    var security = input.config.getLinux().getSecurityContext();
    var user = UserResolver.resolve(input.rootfs.path(), security, input.image.config().user());
    UserNs.of(input.pod.config()).ifPresent(users -> users.requireMapped(user));
    var spec =
        SpecBuilder.build(
            new SpecInput(
                named(input.pod),
                config,
                input.image.config(),
                paths(input, labels(input.pod, config)),
                features.node(input.pod.record().handler()),
                user));
    UnifiedFiles.check(
        cgroups.at(input.pod.record().place().cgroup()),
        "config.linux.resources.unified",
        input.config.getLinux().getResources().getUnifiedMap());
    var dir = Files.createDirectories(layout.bundle(input.id));
    AtomicFile.writeVolatile(dir.resolve(CONFIG), inPod(spec, input).toJson());
    return message(user);
  }

  /// The processes of a sandbox's init are those that have no namespace: it knows one by its path,
  /// and the init had none.
  private OciSpec inPod(OciSpec spec, Input input) throws InterruptedException {
    var told = spec.annotated(SandboxAnnotations.ofContainer(input.pod.id().hex()));
    boolean shared = options(input.config).getPid() == NamespaceMode.POD;
    return shared && features.sandboxes(input.pod.record().handler())
        ? told.withoutPidNamespace()
        : told;
  }

  /// {@return the folder of a container's bundle}
  Path folder(ContainerId id) {
    return layout.bundle(id);
  }

  /// {@return the folder of a container's cgroup}
  Path cgroupFolder(String cgroup) throws LinuxException {
    return cgroups.at(cgroup).path();
  }

  /// Brings the document of a container that exists in line with its limits.
  ///
  /// @param undo gets what puts the document back
  void limited(ContainerId id, OciResources limits, Undo undo) throws IOException {
    var file = layout.bundle(id).resolve(CONFIG);
    if (Files.exists(file)) { // not after a reboot
      var before = Files.readAllBytes(file);
      AtomicFile.writeVolatile(file, OciSpec.limited(before, limits));
      undo.add("write " + file, () -> AtomicFile.writeVolatile(file, before));
    }
  }

  private static PodSandboxConfig named(Pod pod) {
    return pod.config().toBuilder().setHostname(pod.record().place().hostname()).build();
  }

  /// PID mode POD, which is also the default, means in a container: whatever its pod has.
  private static ContainerConfig asPod(Pod pod, ContainerConfig config) {
    if (options(config).getPid() != NamespaceMode.POD) {
      return config;
    }
    var changed = config.toBuilder();
    changed
        .getLinuxBuilder()
        .getSecurityContextBuilder()
        .getNamespaceOptionsBuilder()
        .setPid(pod.record().namespaces().getPid());
    return changed.build();
  }

  private static NamespaceOption options(ContainerConfig config) {
    return config.getLinux().getSecurityContext().getNamespaceOptions();
  }

  /// {@return by what SELinux knows a container of the pod; empty on a node without it}
  ///
  /// @throws Refusal.InvalidArgument when the node's policy does not know them
  Optional<SelinuxLabels> labels(Pod pod, ContainerConfig config)
      throws IOException, InterruptedException {
    var node = features.node(pod.record().handler());
    var labels = SelinuxLabels.of(node, pod.id(), pod.config(), asPod(pod, config));
    if (labels.isPresent()) {
      requireKnown(labels.get().process());
      requireKnown(labels.get().files());
    }
    return labels;
  }

  private static void requireKnown(String label) throws LinuxException {
    if (!FileLabels.known(label)) {
      throw new Refusal.InvalidArgument(
          "config.linux.security_context.selinux_options",
          label,
          "must be what the SELinux policy of the node allows");
    }
  }

  private PodPaths paths(Input input, Optional<SelinuxLabels> labels) throws InterruptedException {
    var pod = input.pod.id();
    return new PodPaths(
        namespaces(input),
        input.pod.record().hostIpc() ? SHM_OF_NODE : layout.shm(pod),
        layout.resolvConf(pod),
        layout.hostname(pod),
        cgroups.forRuntime(input.cgroup),
        input.rootfs.path(),
        input.rootfs.volumes(),
        labels);
  }

  private NamespacePaths namespaces(Input input) throws InterruptedException {
    var record = input.pod.record();
    return new NamespacePaths(
        record.hostNetwork() ? Optional.empty() : namespace(input, "net"),
        record.hostIpc() ? Optional.empty() : namespace(input, "ipc"),
        record.hostNetwork() ? Optional.empty() : namespace(input, "uts"),
        UserNs.of(record.config()).flatMap(_ -> namespace(input, "user")),
        pidNs(input));
  }

  /// {@return the PID namespace that the container is to join, if there is one}
  private Optional<Path> pidNs(Input input) throws InterruptedException {
    return switch (options(input.config).getPid()) {
      case POD ->
          input.pod.record().namespaces().getPid() == NamespaceMode.POD
              ? namespace(input, "pid")
              : Optional.empty();
      case TARGET -> targetPid(input);
      case CONTAINER, NODE, UNRECOGNIZED -> Optional.empty();
    };
  }

  private Optional<Path> targetPid(Input input) throws InterruptedException {
    var options = options(input.config);
    if (features.sandboxes(input.pod.record().handler())) {
      throw new Refusal.FailedPrecondition(
          NAMESPACES
              + "pid: TARGET is not offered by the pod's runtime handler, whose containers are in a"
              + " sandbox");
    }
    var id = options.getTargetId();
    if (id.isEmpty()) {
      throw new Refusal.InvalidArgument(
          NAMESPACES + "target_id", id, "must name a container of the pod when pid is TARGET");
    }
    var target =
        containers
            .find(id)
            .orElseThrow(() -> new Refusal.NotFound(NAMESPACES + "target_id: container", id));
    if (!target.pod().equals(input.pod.id())) {
      throw new Refusal.InvalidArgument(
          NAMESPACES + "target_id", id, "must be a container of the same pod");
    }
    if (!(target.state() instanceof ContainerState.Running(var process, _))) {
      throw new Refusal.FailedPrecondition(
          NAMESPACES + "target_id " + id + ": the container does not run");
    }
    return Optional.of(Path.of("/proc/" + process.pid() + "/ns/pid"));
  }

  /// Refuses a container that is to join the processes of one that has ended since the bundle was
  /// written: the kernel may have given its number to another process of the node.
  void requireTarget(Container container) throws LinuxException {
    var options = options(container.config());
    if (options.getPid() != NamespaceMode.TARGET) {
      return;
    }
    var target = containers.find(options.getTargetId());
    if (target.isEmpty()
        || !(target.get().state() instanceof ContainerState.Running(var process, _))
        || !lives(process)) {
      throw new Refusal.FailedPrecondition(
          "target_id " + options.getTargetId() + ": the container does not run any more");
    }
  }

  private static boolean lives(LiveProcess process) throws LinuxException {
    var found = PidFd.openSame(process.pid(), process.startTime());
    found.ifPresent(PidFd::close);
    return found.isPresent();
  }

  /// {@return the folder of a pod's logs}
  Path logs(Pod pod) {
    var named = pod.config().getLogDirectory();
    return named.isEmpty() ? layout.logs(pod.id()) : Path.of(named).normalize();
  }

  /// {@return where a pod's user namespace is pinned}
  Path userNs(PodId pod) {
    return layout.namespaces(pod).resolve("user");
  }

  private Optional<Path> namespace(Input input, String kind) {
    return Optional.of(layout.namespaces(input.pod.id()).resolve(kind));
  }

  private static ContainerUser message(ContainerUserIds user) {
    var linux = LinuxContainerUser.newBuilder().setUid(user.uid()).setGid(user.gid());
    user.groups().forEach(linux::addSupplementalGroups);
    return ContainerUser.newBuilder().setLinux(linux).build();
  }
}
