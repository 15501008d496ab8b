// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.sandbox;

import io.criollo.cni.CniException;
import io.criollo.cni.CniNetwork;
import io.criollo.cni.CniNetworks;
import io.criollo.cni.Dns;
import io.criollo.cni.PodArguments;
import io.criollo.cni.PodAttachment;
import io.criollo.cni.PortMapping;
import io.criollo.cri.v1.DNSConfig;
import io.criollo.cri.v1.PodSandboxConfig;
import io.criollo.linux.NsThread;
import io.criollo.linux.Sysctl;
import io.criollo.runtime.state.Layout;
import io.criollo.runtime.state.PodId;
import io.criollo.runtime.state.Refusal;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// A pod's interface in the cluster's network, by CNI.
public final class PodNetwork {
  private static final System.Logger LOG = System.getLogger(PodNetwork.class.getName());
  private static final String INTERFACE = "eth0";
  private static final String DETECTION = "accept_dad";

  private final Layout layout;
  private final CniNetworks networks;
  private final NetworkUpkeep upkeep;
  private final Settings settings;

  /// What does not come from the pod.
  ///
  /// @param mapsPorts whether ports that no plugin of the network asks for are mapped all the same
  /// @param ipRanges those of the node's pods, as they are now
  public record Settings(boolean mapsPorts, Supplier<List<String>> ipRanges) {}

  public PodNetwork(Layout layout, CniNetworks networks, NetworkUpkeep upkeep, Settings settings) {
    this.layout = layout;
    this.networks = networks;
    this.upkeep = upkeep;
    this.settings = settings;
  }

  /// Refuses what cannot be attached now, before anything is made.
  void requirePossible(PodSandboxConfig config) throws CniException {
    if (!PodNamespaces.hostNetwork(config)) {
      arguments(config);
      network(config);
    }
  }

  private CniNetwork network(PodSandboxConfig config) throws CniException {
    var reason = networks.notReady();
    if (reason.isPresent()) {
      throw new Refusal.Unavailable("NetworkPluginNotReady: " + reason.get());
    }
    var network = networks.defaultNetwork();
    if (!settings.mapsPorts() || HostPorts.of(config).isEmpty()) {
      return network;
    }
    return network
        .mappingPorts()
        .orElseThrow(() ->
            new Refusal.FailedPrecondition(
                "config.port_mappings: no plugin of network "
                    + network.name()
                    + " maps ports of the node (capability portMappings), and the plugin portmap"
                    + " is not installed"));
  }

  /// A failure has been undone; what could not be is tried again later.
  ///
  /// @return the pod's addresses, the main one first; none with the node's network
  List<String> attach(PodId id, PodSandboxConfig config) throws CniException, InterruptedException {
    if (PodNamespaces.hostNetwork(config)) {
      return List.of();
    }
    var network = network(config);
    var attachment = attachment(id, config);
    if (network.isAlone()) {
      skipDuplicateDetection(attachment, config);
    }
    try {
      return network.add(attachment).addresses();
    } catch (CniException | InterruptedException | RuntimeException e) {
      if (networks.isAttached(attachment)) {
        upkeep.detachLater(attachment);
      }
      throw e;
    }
  }

  /// For a second or more the kernel would not use a new IPv6 address, and plugins wait for that.
  private static void skipDuplicateDetection(PodAttachment pod, PodSandboxConfig config)
      throws InterruptedException {
    if (config.getLinux().getSysctlsMap().keySet().stream().anyMatch(n -> n.contains(DETECTION))) {
      return; // the pod decides itself
    }
    try {
      NsThread.call(
          pod.netNs(),
          () -> {
            for (var interfaces : List.of("all", "default")) {
              Sysctl.set("net.ipv6.conf." + interfaces + "." + DETECTION, "0");
            }
            return true;
          });
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) { // such as a kernel without IPv6
      LOG.log(Level.DEBUG, "leave the detection of duplicate addresses on: {0}", e.getMessage());
    }
  }

  /// Gives everything back, by the configuration that was cached when it was taken. It can be
  /// repeated.
  void detach(PodId id, PodSandboxConfig config) throws CniException, InterruptedException {
    if (!PodNamespaces.hostNetwork(config)) {
      networks.del(attachment(id, config));
    }
  }

  /// The same for a pod that has to go: what fails now is no failure, it is tried again later.
  void leave(PodId id, PodSandboxConfig config) throws InterruptedException {
    try {
      abandon(id, config);
    } catch (CniException e) {
      LOG.log(Level.WARNING, "network of pod {0} is given back later: {1}", id, e.getMessage());
    }
  }

  /// The same for a pod that nobody will ask for again: what fails now is tried again later.
  void abandon(PodId id, PodSandboxConfig config) throws CniException, InterruptedException {
    if (!PodNamespaces.hostNetwork(config)) {
      abandon(attachment(id, config));
    }
  }

  private void abandon(PodAttachment pod) throws CniException, InterruptedException {
    try {
      networks.del(pod);
    } catch (CniException e) {
      upkeep.detachLater(pod);
      throw e;
    }
  }

  /// {@return whether the pod's namespaces are still needed, to detach it in the background}
  boolean needsNamespaces(PodId id) {
    return upkeep.waits(id.hex());
  }

  /// After a start, before any pod is made: has given back what is held for pods that need it no
  /// more, and the others checked. In the background, since plugins may hang, or need pods.
  ///
  /// @param needed whether a pod is attached
  /// @param seen whether the plugins see what they did for it
  public void restore(Predicate<String> needed, Predicate<String> seen) throws CniException {
    var attached = networks.attachments();
    upkeep.detachLeft(attached.stream().filter(pod -> !needed.test(pod.podId())).toList());
    upkeep.collectGarbage();
    upkeep.check(attached.stream().filter(pod -> needed.and(seen).test(pod.podId())).toList());
  }

  private PodAttachment attachment(PodId id, PodSandboxConfig config) {
    var data = config.getMetadata();
    try {
      return new PodAttachment(
          id.hex(),
          data.getNamespace(),
          data.getName(),
          data.getUid(),
          layout.namespaces(id).resolve("net"),
          INTERFACE,
          arguments(config));
    } catch (IllegalArgumentException e) {
      throw new Refusal.InvalidArgument("config: " + e.getMessage());
    }
  }

  private PodArguments arguments(PodSandboxConfig config) {
    try {
      return new PodArguments(
          config.getPortMappingsList().stream().map(PodNetwork::mapping).toList(),
          config.getAnnotationsMap(),
          dns(config.getDnsConfig()),
          settings.ipRanges().get());
    } catch (IllegalArgumentException e) {
      throw new Refusal.InvalidArgument("config: " + e.getMessage());
    }
  }

  private static Dns dns(DNSConfig given) {
    return new Dns(given.getServersList(), "", given.getSearchesList(), given.getOptionsList());
  }

  private static PortMapping mapping(io.criollo.cri.v1.PortMapping given) {
    return new PortMapping(
        given.getProtocol().name().toLowerCase(Locale.ROOT),
        given.getHostPort(),
        given.getContainerPort(),
        Optional.of(given.getHostIp()).filter(ip -> !ip.isEmpty()));
  }
}
