// SPDX-License-Identifier: Apache-2.0
package io.criollo.cni;

import java.util.Comparator;
import java.util.List;

/// What an ADD of the whole chain came to (specification, "ADD Success").
public record CniResult(
    List<IpConfig> ips, List<Interface> interfaces, List<Route> routes, Dns dns) {
  public CniResult {
    ips = List.copyOf(ips);
    interfaces = List.copyOf(interfaces);
    routes = List.copyOf(routes);
  }

  /// {@return the pod's own addresses without prefix length, IPv4 first, else in the plugin's
  /// order}
  public List<String> addresses() {
    var inSandbox = ips.stream().filter(this::inSandbox).toList();
    // some plugins name no sandbox at all
    return (inSandbox.isEmpty() ? ips : inSandbox)
        .stream()
            .sorted(Comparator.comparing(IpConfig::isIpv4).reversed())
            .map(IpConfig::address)
            .toList();
  }

  /// An address may also belong to an interface of the host, such as a gateway's.
  private boolean inSandbox(IpConfig ip) {
    int index = ip.interfaceIndex().orElse(-1);
    return index < 0 || index >= interfaces.size() || !interfaces.get(index).sandbox().isEmpty();
  }
}
