// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime;

import io.criollo.cni.CniNetworks;
import io.criollo.conmon.client.MonitorClient;
import io.criollo.image.Images;
import io.criollo.image.Pulls;
import io.criollo.linux.cgroup.CgroupDriver;
import io.criollo.linux.cgroup.OpenCgroups;
import io.criollo.runtime.config.Option;
import io.criollo.runtime.container.AttachStream;
import io.criollo.runtime.container.Bundles;
import io.criollo.runtime.container.ContainerImages;
import io.criollo.runtime.container.ContainerInfo;
import io.criollo.runtime.container.ContainerParts;
import io.criollo.runtime.container.ContainerStatus;
import io.criollo.runtime.container.CreateContainer;
import io.criollo.runtime.container.EarlyDeletion;
import io.criollo.runtime.container.Exec;
import io.criollo.runtime.container.ExecProcess;
import io.criollo.runtime.container.ExecStream;
import io.criollo.runtime.container.ExecSync;
import io.criollo.runtime.container.Exits;
import io.criollo.runtime.container.HandlerFeatures;
import io.criollo.runtime.container.ListContainers;
import io.criollo.runtime.container.Remains;
import io.criollo.runtime.container.RemoveContainer;
import io.criollo.runtime.container.ReopenContainerLog;
import io.criollo.runtime.container.RuntimeMemory;
import io.criollo.runtime.container.Runtimes;
import io.criollo.runtime.container.SendSignal;
import io.criollo.runtime.container.StartContainer;
import io.criollo.runtime.container.StopContainer;
import io.criollo.runtime.container.UpdateContainerResources;
import io.criollo.runtime.events.ContainerEvents;
import io.criollo.runtime.images.ImageCalls;
import io.criollo.runtime.images.PullMessages;
import io.criollo.runtime.metrics.MetricsServer;
import io.criollo.runtime.metrics.NodeCounts;
import io.criollo.runtime.metrics.Operations;
import io.criollo.runtime.metrics.OwnProcess;
import io.criollo.runtime.metrics.PullCounts;
import io.criollo.runtime.node.NetworkReadiness;
import io.criollo.runtime.node.RuntimeConfig;
import io.criollo.runtime.node.RuntimeProbe;
import io.criollo.runtime.node.Status;
import io.criollo.runtime.node.StatusInfo;
import io.criollo.runtime.node.UpdateRuntimeConfig;
import io.criollo.runtime.node.Version;
import io.criollo.runtime.rpc.CallCounts;
import io.criollo.runtime.rpc.ContainerCalls;
import io.criollo.runtime.rpc.ImageEndpoint;
import io.criollo.runtime.rpc.NodeCalls;
import io.criollo.runtime.rpc.OwnEndpoint;
import io.criollo.runtime.rpc.PodCalls;
import io.criollo.runtime.rpc.RpcServer;
import io.criollo.runtime.rpc.RuntimeEndpoint;
import io.criollo.runtime.rpc.StreamCalls;
import io.criollo.runtime.sandbox.InitProgram;
import io.criollo.runtime.sandbox.ListPodSandbox;
import io.criollo.runtime.sandbox.NetworkUpkeep;
import io.criollo.runtime.sandbox.PodCgroups;
import io.criollo.runtime.sandbox.PodFiles;
import io.criollo.runtime.sandbox.PodInfo;
import io.criollo.runtime.sandbox.PodInit;
import io.criollo.runtime.sandbox.PodNamespaces;
import io.criollo.runtime.sandbox.PodNetwork;
import io.criollo.runtime.sandbox.PodParts;
import io.criollo.runtime.sandbox.PodSandboxStatus;
import io.criollo.runtime.sandbox.RemovePodSandbox;
import io.criollo.runtime.sandbox.RunPodSandbox;
import io.criollo.runtime.sandbox.StopPodSandbox;
import io.criollo.runtime.sandbox.UpdatePodSandboxResources;
import io.criollo.runtime.spec.AppArmorProfiles;
import io.criollo.runtime.spec.HandlerDefaults;
import io.criollo.runtime.spec.NodeFacts;
import io.criollo.runtime.spec.NodeProbe;
import io.criollo.runtime.state.Containers;
import io.criollo.runtime.state.Layout;
import io.criollo.runtime.state.PodId;
import io.criollo.runtime.state.Pods;
import io.criollo.runtime.state.StateStore;
import io.criollo.runtime.stats.ContainerUsage;
import io.criollo.runtime.stats.LayerUsages;
import io.criollo.runtime.stats.PodTraffic;
import io.criollo.runtime.stats.PodUsage;
import io.criollo.runtime.stats.metrics.PodMetrics;
import io.criollo.runtime.streaming.PodPorts;
import io.criollo.runtime.streaming.StreamingServer;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Builds every part of the daemon with constructors, in order; closes them in reverse. Containers
/// and their monitor live on when it closes.
@SuppressWarnings("try") // parts may be interrupted when they close
final class Daemon implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Daemon.class.getName());

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final Settings settings;
  private final Layout layout;
  private final CgroupDriver cgroups;
  private final OpenCgroups openCgroups;

  private Daemon(Settings settings) throws IOException {
    this.settings = settings;
    this.layout = settings.layout();
    this.cgroups = settings.cgroups();
    this.openCgroups = closeLater(new OpenCgroups(cgroups, OpenFilesLimit.ofDaemon()));
  }

  /// {@return a daemon that answers}
  static Daemon start(Settings settings) throws Exception {
    long begin = System.nanoTime();
    var daemon = new Daemon(settings);
    try {
      daemon.build();
    } catch (Throwable e) {
      daemon.closeAfter(e);
      throw e;
    }
    LOG.log(
        Level.INFO,
        "criollo {0} serves on {1} after {2} ms",
        Version.ofBuild(),
        settings.listen(),
        (System.nanoTime() - begin) / 1_000_000);
    return daemon;
  }

  private void build() throws Exception {
    makeFolders();
    closeLater(DaemonLock.take(layout.lock()));
    var pods = new Pods(StateStore.pods(layout));
    var containers = new Containers(StateStore.containers(layout));
    var known = new Known(pods, containers);
    pods.restore();
    containers.restore();
    var events = new ContainerEvents(pods, containers, Clock.systemUTC());
    pods.listen(events);
    containers.listen(events);

    var images = closeLater(Images.open(settings.images()));
    var networks = closeLater(new CniNetworks(settings.cni()));
    var runtimeConfig = UpdateRuntimeConfig.open(layout.podCidr());
    var runtimes = new Runtimes(settings.handlers(), new RuntimeMemory(layout.runtimes()));
    var deletion = new EarlyDeletion(runtimes);
    var exits = new Exits(pods, containers, cgroups, deletion);
    var monitor = closeLater(MonitorClient.connect(settings.monitor(), exits));
    var remains =
        new Remains(layout, runtimes, monitor, images.rootFilesystems(), cgroups, exits, deletion);
    var handlers = settings.handlerDefaults();
    var node = NodeProbe.read(settings.containers(appArmorProfile()), leastMemory(handlers));
    var features = new HandlerFeatures(runtimes, node, handlers);

    var namespaces = new PodNamespaces(layout, settings.sysctls());
    var pod =
        new PodParts(
            new PodCgroups(cgroups, node, known.pods().all()),
            new PodFiles(layout, node, features),
            namespaces,
            new PodNetwork(
                layout,
                networks,
                closeLater(new NetworkUpkeep(networks, id -> namespaces.unpin(new PodId(id)))),
                new PodNetwork.Settings(
                    !settings.configuration().isOn(Option.DISABLE_HOSTPORT_MAPPING),
                    runtimeConfig::ipRanges)),
            new PodInit(
                layout,
                new InitProgram(settings.podInit()),
                new PodInit.Tools(runtimes, monitor, remains),
                cgroups,
                features));
    var container =
        new ContainerParts(
            new ContainerImages(
                images.imageStatus(), images.admitImage(), settings.mountsArtifacts()),
            images.rootFilesystems(),
            new Bundles(layout, containers, cgroups, features),
            runtimes,
            monitor,
            exits,
            remains);
    new Recovery(layout, known, pod, container).run();

    var streaming = closeLater(streaming(known, pod, container));
    var layers = new LayerUsages(images);
    var containerCalls = containerCalls(known, container, layers, node);
    var endpoints =
        List.of(
            new RuntimeEndpoint(
                nodeCalls(
                    status(networks, container, features, info(runtimeConfig, images.pulls())),
                    runtimeConfig),
                podCalls(known, pod, containerCalls, layers, runtimes),
                containerCalls,
                new StreamCalls(new Exec(containers, streaming), streaming),
                events),
            new ImageEndpoint(new ImageCalls(images, containers)),
            new OwnEndpoint(images.checkImages()));
    closeLater(
        new RpcServer(
            settings.listen(),
            endpoints,
            metrics(known, images.pulls(), events),
            settings.messages()));
    closeLater(events); // first, since the server waits for calls to end
    closeLater(IdleHeap.watch());
    if (settings.configuration().isOn(Option.INTERNAL_REPAIR)) {
      images.scrub().start();
    }
  }

  /// {@return who sees each call}; nobody while metrics are off
  private List<CallCounts> metrics(Known known, Pulls pulls, ContainerEvents events)
      throws IOException {
    var wanted = settings.metrics();
    if (wanted.isEmpty()) {
      return List.of();
    }
    var operations = new Operations();
    var pullCounts = new PullCounts(pulls::list);
    pulls.tell(pullCounts);
    var runtime = settings.handlers().defaultRuntime().name();
    var node = new NodeCounts(known.pods, known.containers, runtime);
    known.containers.listen(events.and(node));
    closeLater(
        MetricsServer.start(wanted.get(), List.of(operations, pullCounts, node, new OwnProcess())));
    return List.of(new CallCounts(operations));
  }

  private Optional<String> appArmorProfile() throws InterruptedException {
    return new AppArmorProfiles(layout.appArmorProfile()).ready(settings.appArmorProfile());
  }

  /// {@return what the most modest runtime needs}
  private static long leastMemory(Map<String, HandlerDefaults> handlers) {
    return handlers.values().stream().mapToLong(HandlerDefaults::minimumMemory).min().orElse(0);
  }

  private NodeCalls nodeCalls(Status status, UpdateRuntimeConfig update) {
    return new NodeCalls(new Version(), status, new RuntimeConfig(settings.systemd()), update);
  }

  private Status status(
      CniNetworks networks, ContainerParts container, HandlerFeatures features, StatusInfo info) {
    var handlers = settings.handlers();
    var probe =
        new RuntimeProbe(
            handlers.defaultRuntime().path(), container.runtimes().named(""), container.monitor());
    var network = new NetworkReadiness(networks::status, settings.networkGrace());
    return new Status(handlers, features, probe, network, info);
  }

  private StatusInfo info(UpdateRuntimeConfig update, Pulls pulls) {
    return new StatusInfo(
        settings.configuration(), layout, update, () -> PullMessages.json(pulls.list()));
  }

  private ContainerCalls containerCalls(
      Known known, ContainerParts parts, LayerUsages layers, NodeFacts node) {
    var containers = known.containers;
    var signals = new SendSignal(parts.runtimes());
    var stop = new StopContainer(containers, cgroups, parts.monitor(), signals);
    var list = new ListContainers(containers, known.pods);
    return new ContainerCalls(
        new CreateContainer(known.pods, containers, parts),
        new StartContainer(known.pods, containers, parts, settings.logs()),
        stop,
        new RemoveContainer(containers, stop, parts.remains()),
        new ContainerStatus(
            containers, new ContainerInfo(layout, parts.monitor(), parts.runtimes())),
        list,
        new ExecSync(containers, parts.runtimes(), parts.monitor(), new ExecProcess(layout)),
        new ReopenContainerLog(containers, parts.monitor()),
        new UpdateContainerResources(
            known.pods, containers, cgroups, parts.bundles(), node, parts.runtimes()),
        new ContainerUsage(known.pods, containers, openCgroups, list, layers));
  }

  private PodCalls podCalls(
      Known known, PodParts parts, ContainerCalls calls, LayerUsages layers, Runtimes runtimes)
      throws IOException {
    var traffic = new PodTraffic(known.containers, parts.namespaces(), runtimes);
    var stop = new StopPodSandbox(known.pods, known.containers, calls.stop(), parts);
    return new PodCalls(
        new RunPodSandbox(known.pods, settings.handlers(), parts),
        stop,
        new RemovePodSandbox(known.pods, known.containers, stop, calls.remove(), parts),
        new PodSandboxStatus(known.pods, known.containers, new PodInfo(layout)),
        new ListPodSandbox(known.pods),
        new UpdatePodSandboxResources(known.pods, parts.cgroups()),
        new PodUsage(known.pods, known.containers, calls.usage(), traffic, openCgroups),
        new PodMetrics(
            known.pods, known.containers, cgroups, traffic, layers, settings.podMetrics()));
  }

  private StreamingServer streaming(Known known, PodParts parts, ContainerParts container)
      throws IOException {
    var ports =
        new PodPorts(
            id -> parts.namespaces().network(known.pods.require(id).requireReady().record()));
    var containers = known.containers;
    var monitor = container.monitor();
    return StreamingServer.start(
        settings.streaming(),
        new ExecStream(containers, container.runtimes(), monitor, new ExecProcess(layout)),
        new AttachStream(containers, monitor),
        ports);
  }

  /// What the daemon knows of.
  record Known(Pods pods, Containers containers) {}

  private void makeFolders() throws IOException {
    for (var folder : layout.passable()) {
      makeFolder(folder, "rwx--x--x");
    }
    for (var folder : layout.secret()) {
      makeFolder(folder, "rwx------");
    }
  }

  private static void makeFolder(Path folder, String permissions) throws IOException {
    Files.createDirectories(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(permissions));
  }

  private <T extends AutoCloseable> T closeLater(T part) {
    open.push(part);
    return part;
  }

  private void closeAfter(Throwable cause) {
    try {
      close();
    } catch (Exception e) {
      cause.addSuppressed(e);
    }
  }

  @Override
  public void close() throws Exception {
    Exception first = null;
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
