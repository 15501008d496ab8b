// SPDX-License-Identifier: Apache-2.0
package io.criollo.cni;

import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;

/// One port of the node that leads to a port of the pod.
///
/// @param protocol `tcp`, `udp` or `sctp`
/// @param hostPort 0 or less = none, the mapping is not passed to plugins
/// @param hostIp the node's address to listen on; empty = all
public record PortMapping(
    String protocol, int hostPort, int containerPort, Optional<String> hostIp) {
  private static final Set<String> PROTOCOLS = Set.of("tcp", "udp", "sctp");

  /// @throws IllegalArgumentException for an unknown protocol, a port out of range or no IP address
  public PortMapping {
    if (!PROTOCOLS.contains(protocol)) {
      throw new IllegalArgumentException("port mapping: unknown protocol '" + protocol + "'");
    }
    if (hostPort > 65535) {
      throw new IllegalArgumentException("port mapping: host port " + hostPort + " out of range");
    }
    if (hostPort > 0 && (containerPort < 1 || containerPort > 65535)) {
      throw new IllegalArgumentException(
          "port mapping: container port " + containerPort + " out of range");
    }
    hostIp = hostIp.filter(text -> !text.isEmpty());
    hostIp.ifPresent(InetAddress::ofLiteral);
  }

  boolean mapped() {
    return hostPort > 0;
  }
}
