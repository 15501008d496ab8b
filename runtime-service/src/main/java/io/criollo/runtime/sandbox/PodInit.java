// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.sandbox;

import io.criollo.conmon.client.MonitorClient;
import io.criollo.conmon.client.MonitorException;
import io.criollo.conmon.protocol.ContainerStdio;
import io.criollo.conmon.protocol.CreateRequest;
import io.criollo.cri.v1.NamespaceMode;
import io.criollo.cri.v1.PodSandboxConfig;
import io.criollo.linux.AtomicFile;
import io.criollo.linux.Namespace;
import io.criollo.linux.NetNs;
import io.criollo.linux.PidFd;
import io.criollo.linux.cgroup.CgroupDriver;
import io.criollo.runtime.container.HandlerFeatures;
import io.criollo.runtime.container.Remains;
import io.criollo.runtime.container.Runtimes;
import io.criollo.runtime.spec.InitSpec;
import io.criollo.runtime.spec.NodeFacts.Feature;
import io.criollo.runtime.spec.SandboxAnnotations;
import io.criollo.runtime.spec.SelinuxLabels;
import io.criollo.runtime.spec.UserNs;
import io.criollo.runtime.state.ContainerId;
import io.criollo.runtime.state.Layout;
import io.criollo.runtime.state.Pod;
import io.criollo.runtime.state.PodId;
import io.criollo.runtime.state.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The one process of a pod whose containers share a PID namespace: its process 1, which reaps
/// orphans. A container as any other for the OCI runtime and for the monitor, which holds it while
/// the daemon is away; its id is the pod's. When it ends, the kernel ends all containers of the
/// pod. A user namespace, which a JVM cannot make, is made with it, or with one that is never
/// started. Of a runtime with sandboxes it is the sandbox, and every pod has one.
public final class PodInit {
  private static final Set<PosixFilePermission> PASSABLE =
      PosixFilePermissions.fromString("rwxr-xr-x");

  private final Layout layout;
  private final InitProgram program;
  private final Runtimes runtimes;
  private final MonitorClient monitor;
  private final Remains remains;
  private final CgroupDriver cgroups;
  private final HandlerFeatures features;

  public PodInit(
      Layout layout,
      InitProgram program,
      Tools tools,
      CgroupDriver cgroups,
      HandlerFeatures features) {
    this.layout = layout;
    this.program = program;
    this.runtimes = tools.runtimes;
    this.monitor = tools.monitor;
    this.remains = tools.remains;
    this.cgroups = cgroups;
    this.features = features;
  }

  /// What makes and removes containers.
  public record Tools(Runtimes runtimes, MonitorClient monitor, Remains remains) {}

  /// {@return whether something of a pod is made here}
  boolean wanted(PodSandboxConfig config, String handler) throws InterruptedException {
    return stays(config, handler) || UserNs.of(config).isPresent();
  }

  /// {@return whether what a pod has got from the network's plugins is in its sandbox, where they
  /// do not see it}
  public boolean takesNetwork(Pod pod) throws InterruptedException {
    return runtimes.sandboxes(pod.record().handler());
  }

  /// {@return whether a pod has an init for as long as it is ready}
  boolean stays(PodSandboxConfig config, String handler) throws InterruptedException {
    return sharesPids(config) || runtimes.sandboxes(handler);
  }

  private static boolean sharesPids(PodSandboxConfig config) {
    return config.getLinux().getSecurityContext().getNamespaceOptions().getPid()
        == NamespaceMode.POD;
  }

  /// @throws Refusal.FailedPrecondition when the node cannot make the namespaces that a pod asks
  ///   for
  void requirePossible(PodSandboxConfig config, String handler) throws InterruptedException {
    if (stays(config, handler)) {
      var _ = program.find();
    }
    if (UserNs.of(config).isPresent() && !features.of(handler).contains(Feature.USER_NAMESPACES)) {
      throw new Refusal.FailedPrecondition(
          "config.linux.security_context.namespace_options.userns_options: user namespaces need"
              + " Linux 5.19 and an OCI runtime that reports idmapped mounts; this kernel and "
              + runtimes.handlers().require(handler).path()
              + " do not offer them together");
    }
  }

  /// Creates the init in the pod's namespaces and pins those that came with it beside them.
  void create(PodId id, PodSandboxConfig config, String handler, String podCgroup)
      throws Exception {
    long pid = make(id, config, handler, cgroups.ofContainer(podCgroup, id.hex()));
    try (var process = PidFd.open(pid)) {
      NetNs.pinOf(process, kinds(config), Files.createDirectories(layout.namespaces(id)));
    }
    if (!stays(config, handler)) {
      end(id, handler, podCgroup);
    }
  }

  /// Starts the init. Not before the pod has its network: a sandbox takes what is there by then.
  void start(PodId id, PodSandboxConfig config, String handler)
      throws IOException, InterruptedException {
    if (stays(config, handler)) {
      runtimes.named(handler).start(id.hex());
    }
  }

  private long make(PodId id, PodSandboxConfig config, String handler, String cgroup)
      throws Exception {
    var node = features.node(handler);
    var label = SelinuxLabels.ofPod(node, id, config);
    var spec =
        InitSpec.of(input(id, config, handler, cgroup), node, label)
            .annotated(runtimes.sandboxes(handler) ? given(handler) : Map.of())
            .annotated(SandboxAnnotations.ofInit(id.hex()));
    var bundle = Files.createDirectories(bundle(id));
    AtomicFile.writeVolatile(bundle.resolve("config.json"), spec.toJson());
    var runtime = runtimes.handlers().require(handler);
    var silent = new ContainerStdio(Optional.empty(), false, false, false);
    var folder = cgroups.at(cgroup).path();
    return monitor.create(new CreateRequest(id.hex(), bundle, runtime, silent, folder)).pid();
  }

  /// What an operator says of a sandbox is said to the one that makes it.
  private Map<String, String> given(String handler) {
    return features.annotations(handler).defaults();
  }

  private static Set<Namespace> kinds(PodSandboxConfig config) {
    var kinds = EnumSet.noneOf(Namespace.class);
    if (sharesPids(config)) {
      kinds.add(Namespace.PID);
    }
    if (UserNs.of(config).isPresent()) {
      kinds.add(Namespace.USER);
      kinds.addAll(PodNamespaces.kinds(config));
    }
    return kinds;
  }

  private InitSpec.Input input(PodId id, PodSandboxConfig config, String handler, String cgroup)
      throws IOException, InterruptedException {
    var started = stays(config, handler) ? Optional.of(program.find()) : Optional.<Path>empty();
    var made = kinds(config).stream().map(PodInit::type).toList();
    return new InitSpec.Input(
        rootfs(), started, joined(id), made, UserNs.of(config), cgroups.forRuntime(cgroup));
  }

  private Map<String, Path> joined(PodId id) {
    var joined = new HashMap<String, Path>();
    for (var kind : Set.of(Namespace.NET, Namespace.IPC, Namespace.UTS)) {
      var pin = layout.namespaces(id).resolve(kind.file());
      if (Files.exists(pin)) {
        joined.put(type(kind), pin);
      }
    }
    return joined;
  }

  private static String type(Namespace kind) {
    return kind == Namespace.NET ? "network" : kind.file();
  }

  /// The tree of all inits; nothing in it is ever written.
  private Path rootfs() throws IOException {
    var root = layout.initRoot();
    var init = root.resolve(InitSpec.PROGRAM.substring(1));
    if (!Files.exists(init)) {
      for (var folder : List.of(root, root.resolve("proc"), root.resolve("dev"))) {
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PASSABLE);
      }
      AtomicFile.writeVolatile(init, new byte[0]);
      Files.setPosixFilePermissions(init, PASSABLE); // a runtime creates only what it could start
    }
    return root;
  }

  /// {@return whether a pod of the record was made with an init}, whatever its handler is now
  boolean stays(Pod pod) {
    return sharesPids(pod.config()) || wasMade(pod.id());
  }

  private boolean wasMade(PodId id) {
    return Files.exists(bundle(id));
  }

  private Path bundle(PodId id) {
    return layout.bundle(new ContainerId(id.hex()));
  }

  /// Ends the init, if the pod has or had one, and with it whatever is left in its PID namespace.
  /// It can be repeated, also while another `cgroup_manager` holds than when the pod was made, or
  /// another handler.
  void end(PodId id, PodSandboxConfig config, String handler, String podCgroup) throws Exception {
    if (wanted(config, handler) || wasMade(id)) {
      end(id, handler, podCgroup);
    }
  }

  private void end(PodId id, String handler, String podCgroup) throws Exception {
    var cgroup = CgroupDriver.ofContainerBeside(podCgroup, id.hex());
    remains.remove(new ContainerId(id.hex()), handler, cgroup);
  }

  /// {@return whether the pod's init runs}
  boolean alive(PodId id) throws MonitorException {
    return monitor.runs(id.hex());
  }
}
