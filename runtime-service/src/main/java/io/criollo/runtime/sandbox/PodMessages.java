// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.sandbox;

import io.criollo.cri.v1.LinuxPodSandboxStatus;
import io.criollo.cri.v1.Namespace;
import io.criollo.cri.v1.PodIP;
import io.criollo.cri.v1.PodSandbox;
import io.criollo.cri.v1.PodSandboxNetworkStatus;
import io.criollo.cri.v1.PodSandboxState;
import io.criollo.cri.v1.PodSandboxStatus;
import io.criollo.runtime.state.PodRecord;
import io.criollo.runtime.state.PodState;
import io.criollo.runtime.state.Times;
import java.util.List;

/// A pod as clients see it.
public final class PodMessages {
  private PodMessages() {}

  static PodSandbox item(PodRecord record) {
    var config = record.config();
    return PodSandbox.newBuilder()
        .setId(record.id().hex())
        .setMetadata(config.getMetadata())
        .setState(state(record.state()))
        .setCreatedAt(Times.nanos(record.createdAt()))
        .putAllLabels(config.getLabelsMap())
        .putAllAnnotations(config.getAnnotationsMap())
        .setRuntimeHandler(record.handler())
        .build();
  }

  public static PodSandboxStatus status(PodRecord record) {
    var config = record.config();
    return PodSandboxStatus.newBuilder()
        .setId(record.id().hex())
        .setMetadata(config.getMetadata())
        .setState(state(record.state()))
        .setCreatedAt(Times.nanos(record.createdAt()))
        .setNetwork(network(record.place().addresses()))
        .setLinux(
            LinuxPodSandboxStatus.newBuilder()
                .setNamespaces(Namespace.newBuilder().setOptions(record.namespaces())))
        .putAllLabels(config.getLabelsMap())
        .putAllAnnotations(config.getAnnotationsMap())
        .setRuntimeHandler(record.handler())
        .build();
  }

  static PodSandboxState state(PodState state) {
    return switch (state) {
      case PodState.Ready() -> PodSandboxState.SANDBOX_READY;
      case PodState.Stopping(), PodState.Stopped() -> PodSandboxState.SANDBOX_NOTREADY;
    };
  }

  private static PodSandboxNetworkStatus network(List<String> addresses) {
    var network = PodSandboxNetworkStatus.newBuilder();
    if (!addresses.isEmpty()) {
      network.setIp(addresses.getFirst());
    }
    addresses.stream()
        .skip(1)
        .forEach(address -> network.addAdditionalIps(PodIP.newBuilder().setIp(address)));
    return network.build();
  }
}
