// SPDX-License-Identifier: Apache-2.0
package io.criollo.cni;

import java.util.List;
import java.util.Map;

/// What there is to tell to plugins that ask for it.
///
/// @param annotations the pod's
/// @param dns the pod's resolver settings
/// @param ipRanges of the node's pods, such as `10.88.0.0/24`; one address comes from each
public record PodArguments(
    List<PortMapping> portMappings,
    Map<String, String> annotations,
    Dns dns,
    List<String> ipRanges) {
  public static final PodArguments NONE =
      new PodArguments(List.of(), Map.of(), Dns.NONE, List.of());

  /// @throws IllegalArgumentException when an annotation of the bandwidth is no quantity
  public PodArguments {
    portMappings = List.copyOf(portMappings);
    annotations = Map.copyOf(annotations);
    ipRanges = List.copyOf(ipRanges);
    var _ = Bandwidth.of(annotations);
  }
}
