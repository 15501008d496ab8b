// SPDX-License-Identifier: Apache-2.0
package io.criollo.cni;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/// What a pod can tell to plugins that ask for it, by capability name (CNI "Conventions"). Here,
/// and only here, further capabilities are added. The CRI has nothing to say on `ips`, `mac` and
/// `aliases`.
final class CapabilityArguments {
  private CapabilityArguments() {}

  static ObjectNode of(PodArguments pod) {
    var arguments = Json.newObject();
    portMappings(arguments, pod.portMappings());
    if (!pod.annotations().isEmpty()) {
      arguments.set("io.kubernetes.cri.pod-annotations", Json.valueOf(pod.annotations()));
    }
    var bandwidth = Bandwidth.of(pod.annotations());
    if (!bandwidth.isEmpty()) {
      arguments.set("bandwidth", bandwidth);
    }
    if (!pod.dns().equals(Dns.NONE)) {
      arguments.set("dns", dns(pod.dns()));
    }
    if (!pod.ipRanges().isEmpty()) {
      var sets = arguments.putArray("ipRanges");
      pod.ipRanges().forEach(range -> sets.addArray().addObject().put("subnet", range));
    }
    return arguments;
  }

  private static ObjectNode dns(Dns dns) {
    var json = Json.newObject();
    json.set("servers", Json.valueOf(dns.nameservers()));
    json.set("searches", Json.valueOf(dns.search()));
    json.set("options", Json.valueOf(dns.options()));
    return json;
  }

  private static void portMappings(ObjectNode arguments, List<PortMapping> mappings) {
    var mapped = mappings.stream().filter(PortMapping::mapped).toList();
    if (mapped.isEmpty()) {
      return;
    }
    var array = arguments.putArray("portMappings");
    for (var mapping : mapped) {
      var entry =
          array
              .addObject()
              .put("hostPort", mapping.hostPort())
              .put("containerPort", mapping.containerPort())
              .put("protocol", mapping.protocol());
      Optional<String> hostIp = mapping.hostIp();
      hostIp.ifPresent(ip -> entry.put("hostIP", ip));
    }
  }
}
