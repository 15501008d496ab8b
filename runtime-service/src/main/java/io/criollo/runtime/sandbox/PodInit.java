// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.sandbox;

import io.criollo.conmon.client.MonitorClient;
import io.criollo.conmon.client.MonitorException;
import io.criollo.conmon.protocol.ContainerStdio;
import io.criollo.conmon.protocol.CreateRequest;
import io.criollo.conmon.protocol.MonitoredContainer;
import io.criollo.cri.v1.NamespaceMode;
import io.criollo.cri.v1.PodSandboxConfig;
import io.criollo.linux.AtomicFile;
import io.criollo.linux.Namespace;
import io.criollo.linux.NetNs;
import io.criollo.linux.PidFd;
import io.criollo.linux.cgroup.CgroupDriver;
import io.criollo.runtime.container.Remains;
import io.criollo.runtime.container.Runtimes;
import io.criollo.runtime.spec.InitSpec;
import io.criollo.runtime.spec.NodeFacts;
import io.criollo.runtime.state.ContainerId;
import io.criollo.runtime.state.Layout;
import io.criollo.runtime.state.PodId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The one process of a pod whose containers share a PID namespace: its process 1, which reaps
/// orphans. A container as any other for the OCI runtime and for the monitor, which holds it while
/// the daemon is away; its id is the pod's. When it ends, the kernel ends all containers of the
/// pod.
public final class PodInit {
  private final Layout layout;
  private final InitProgram program;
  private final Runtimes runtimes;
  private final MonitorClient monitor;
  private final Remains remains;
  private final CgroupDriver cgroups;
  private final NodeFacts node;

  public PodInit(
      Layout layout, InitProgram program, Tools tools, CgroupDriver cgroups, NodeFacts node) {
    this.layout = layout;
    this.program = program;
    this.runtimes = tools.runtimes;
    this.monitor = tools.monitor;
    this.remains = tools.remains;
    this.cgroups = cgroups;
    this.node = node;
  }

  /// What makes and removes containers.
  public record Tools(Runtimes runtimes, MonitorClient monitor, Remains remains) {}

  /// {@return whether a pod has an init}
  static boolean wanted(PodSandboxConfig config) {
    return config.getLinux().getSecurityContext().getNamespaceOptions().getPid()
        == NamespaceMode.POD;
  }

  /// Starts the init in the pod's namespaces and pins its PID namespace beside them.
  void start(PodId id, String handler, String podCgroup) throws Exception {
    var cgroup = cgroup(id, podCgroup);
    var spec = InitSpec.of(input(id, cgroup), node);
    var bundle = Files.createDirectories(layout.bundles().resolve(id.hex()));
    AtomicFile.writeVolatile(bundle.resolve("config.json"), spec.toJson());
    var runtime = runtimes.handlers().require(handler);
    var silent = new ContainerStdio(Optional.empty(), false, false, false);
    var created =
        monitor.create(
            new CreateRequest(id.hex(), bundle, runtime, silent, cgroups.at(cgroup).path()));
    runtimes.named(handler).start(id.hex());
    try (var process = PidFd.open(created.pid())) {
      NetNs.pinOf(process, Set.of(Namespace.PID), Files.createDirectories(layout.namespaces(id)));
    }
  }

  private InitSpec.Input input(PodId id, String cgroup) throws IOException {
    return new InitSpec.Input(rootfs(), program.find(), joined(id), cgroup);
  }

  private Map<String, Path> joined(PodId id) {
    var joined = new HashMap<String, Path>();
    for (var kind : Set.of(Namespace.NET, Namespace.IPC, Namespace.UTS)) {
      var pin = layout.namespaces(id).resolve(kind.file());
      if (Files.exists(pin)) {
        joined.put(kind == Namespace.NET ? "network" : kind.file(), pin);
      }
    }
    return joined;
  }

  /// The tree of all inits; nothing in it is ever written.
  private Path rootfs() throws IOException {
    var root = layout.initRoot();
    if (!Files.exists(root.resolve(InitSpec.PROGRAM.substring(1)))) {
      Files.createDirectories(root.resolve("proc"));
      Files.createDirectories(root.resolve("dev"));
      AtomicFile.writeVolatile(root.resolve(InitSpec.PROGRAM.substring(1)), new byte[0]);
      Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    return root;
  }

  private static String cgroup(PodId id, String podCgroup) {
    return podCgroup + "/criollo-" + id.hex();
  }

  /// Ends the init, and with it whatever is left in its PID namespace. It can be repeated.
  void end(PodId id, String handler, String podCgroup) throws Exception {
    remains.remove(new ContainerId(id.hex()), handler, cgroup(id, podCgroup));
  }

  /// {@return whether the pod's init runs}
  boolean alive(PodId id) throws MonitorException {
    return process(id).map(MonitoredContainer::exit).filter(Optional::isEmpty).isPresent();
  }

  private Optional<MonitoredContainer> process(PodId id) throws MonitorException {
    return monitor.list().stream().filter(one -> one.id().equals(id.hex())).findFirst();
  }
}
