// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.sandbox;

import io.criollo.cni.CniException;
import io.criollo.cni.CniNetworks;
import io.criollo.cni.PodAttachment;
import io.criollo.cni.PortMapping;
import io.criollo.cri.v1.PodSandboxConfig;
import io.criollo.runtime.state.Layout;
import io.criollo.runtime.state.PodId;
import io.criollo.runtime.state.Refusal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/// A pod's interface in the cluster's network, by CNI.
public final class PodNetwork {
  private static final String INTERFACE = "eth0";

  private final Layout layout;
  private final CniNetworks networks;

  public PodNetwork(Layout layout, CniNetworks networks) {
    this.layout = layout;
    this.networks = networks;
  }

  /// {@return the pod's addresses, the main one first; none with the node's network}
  List<String> attach(PodId id, PodSandboxConfig config) throws CniException, InterruptedException {
    if (PodNamespaces.hostNetwork(config)) {
      return List.of();
    }
    var reason = networks.notReady();
    if (reason.isPresent()) {
      throw new Refusal.Unavailable("NetworkPluginNotReady: " + reason.get());
    }
    return networks.defaultNetwork().add(attachment(id, config)).addresses();
  }

  /// Gives everything back, by the configuration that was cached when it was taken. It can be
  /// repeated.
  void detach(PodId id, PodSandboxConfig config) throws CniException, InterruptedException {
    if (!PodNamespaces.hostNetwork(config)) {
      networks.del(attachment(id, config));
    }
  }

  /// Gives back what pods hold that are not known (any more).
  public void detachUnknown(Predicate<String> known) throws CniException, InterruptedException {
    for (var attachment : networks.attachments()) {
      if (!known.test(attachment.podId())) {
        networks.del(attachment);
      }
    }
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
          config.getPortMappingsList().stream().map(PodNetwork::mapping).toList(),
          config.getAnnotationsMap());
    } catch (IllegalArgumentException e) {
      throw new Refusal.InvalidArgument("config: " + e.getMessage());
    }
  }

  private static PortMapping mapping(io.criollo.cri.v1.PortMapping given) {
    return new PortMapping(
        given.getProtocol().name().toLowerCase(Locale.ROOT),
        given.getHostPort(),
        given.getContainerPort(),
        Optional.of(given.getHostIp()).filter(ip -> !ip.isEmpty()));
  }
}
