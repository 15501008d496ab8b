// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.sandbox;

import io.criollo.cri.v1.PodSandboxConfig;
import io.criollo.cri.v1.PortMapping;
import io.criollo.runtime.state.Pod;
import io.criollo.runtime.state.Pods;
import io.criollo.runtime.state.Refusal;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/// Ports of the node that lead into pods: each into one ready pod only. Those of a pod that is
/// being stopped are free, and pods in the node's network have none that is mapped. Thread-safe.
final class HostPorts {
  private final Pods pods;
  private final List<PodSandboxConfig> beingMade = new ArrayList<>();

  HostPorts(Pods pods) {
    this.pods = pods;
  }

  /// Holds ports for a pod until it is known, or not made.
  @FunctionalInterface
  interface Claim extends AutoCloseable {
    @Override
    void close();
  }

  /// {@return those that are mapped into a pod}
  static List<PortMapping> of(PodSandboxConfig config) {
    return PodNamespaces.hostNetwork(config)
        ? List.of()
        : config.getPortMappingsList().stream().filter(port -> port.getHostPort() > 0).toList();
  }

  /// Refuses a port that would lead to two ports of the same pod.
  static void requireDistinct(PodSandboxConfig config) {
    var ports = of(config);
    for (var one : ports) {
      for (var other : ports) {
        if (one.getContainerPort() < other.getContainerPort() && clash(one, other)) {
          throw new Refusal.InvalidArgument(
              "config.port_mappings.host_port",
              one.getHostPort() + "/" + one.getProtocol(),
              "must not lead to the container ports %d and %d"
                  .formatted(one.getContainerPort(), other.getContainerPort()));
        }
      }
    }
  }

  /// Refuses ports that another pod has.
  synchronized Claim claim(PodSandboxConfig config) {
    var wanted = of(config);
    if (wanted.isEmpty()) {
      return () -> {};
    }
    pods.all().stream()
        .filter(Pod::ready)
        .forEach(pod -> requireFree(wanted, pod.config(), "pod sandbox " + pod.id()));
    beingMade.forEach(other -> requireFree(wanted, other, "a pod sandbox that is being made"));
    beingMade.add(config);
    return () -> release(config);
  }

  private synchronized void release(PodSandboxConfig config) {
    beingMade.remove(config);
  }

  private static void requireFree(List<PortMapping> wanted, PodSandboxConfig other, String holder) {
    for (var taken : of(other)) {
      for (var port : wanted) {
        if (clash(port, taken)) {
          throw new Refusal.FailedPrecondition(
              "config.port_mappings: host port %d/%s is taken by %s (%s)"
                  .formatted(port.getHostPort(), port.getProtocol(), holder, Pod.nameOf(other)));
        }
      }
    }
  }

  private static boolean clash(PortMapping one, PortMapping other) {
    return one.getHostPort() == other.getHostPort()
        && one.getProtocol() == other.getProtocol()
        && (covers(one.getHostIp(), other.getHostIp())
            || covers(other.getHostIp(), one.getHostIp()));
  }

  /// {@return whether what comes to the second address comes to the first as well} No address: all.
  private static boolean covers(String address, String other) {
    if (address.isEmpty() || other.isEmpty()) {
      return address.isEmpty();
    }
    var first = InetAddress.ofLiteral(address);
    var second = InetAddress.ofLiteral(other);
    return first.equals(second)
        || (first.isAnyLocalAddress() && first.getClass() == second.getClass());
  }
}
