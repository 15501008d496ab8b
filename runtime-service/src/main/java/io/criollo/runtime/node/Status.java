// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.node;

import io.criollo.cri.v1.RuntimeCondition;
import io.criollo.cri.v1.RuntimeFeatures;
import io.criollo.cri.v1.RuntimeHandler;
import io.criollo.cri.v1.RuntimeHandlerFeatures;
import io.criollo.cri.v1.RuntimeStatus;
import io.criollo.cri.v1.StatusRequest;
import io.criollo.cri.v1.StatusResponse;
import io.criollo.runtime.container.HandlerFeatures;
import io.criollo.runtime.spec.NodeFacts.Feature;
import io.criollo.runtime.state.RuntimeHandlers;
import java.util.List;
import java.util.Optional;

/// Status: whether containers can run and whether pods get a network, each with the reason if not.
public final class Status {
  private final RuntimeHandlers handlers;
  private final HandlerFeatures features;
  private final RuntimeProbe runtime;
  private final NetworkReadiness networks;
  private final StatusInfo info;

  public Status(
      RuntimeHandlers handlers,
      HandlerFeatures features,
      RuntimeProbe runtime,
      NetworkReadiness networks,
      StatusInfo info) {
    this.handlers = handlers;
    this.features = features;
    this.runtime = runtime;
    this.networks = networks;
    this.info = info;
  }

  public StatusResponse status(StatusRequest request) throws InterruptedException {
    var status =
        RuntimeStatus.newBuilder()
            .addConditions(condition("RuntimeReady", "RuntimeNotReady", runtime.notReady()))
            .addConditions(condition("NetworkReady", "NetworkPluginNotReady", networks.notReady()));
    var response = StatusResponse.newBuilder().setStatus(status);
    response.addRuntimeHandlers(handler(""));
    for (var name : handlers.names()) {
      response.addRuntimeHandlers(handler(name));
    }
    response.setFeatures(features(response.getRuntimeHandlersList()));
    if (request.getVerbose()) {
      response.putAllInfo(info.texts());
    }
    return response.build();
  }

  /// A feature that is not told, a kubelet takes for missing: it refuses pods that need it.
  private static RuntimeFeatures features(List<RuntimeHandler> handlers) {
    boolean users = handlers.stream().anyMatch(one -> one.getFeatures().getUserNamespaces());
    return RuntimeFeatures.newBuilder()
        .setSupplementalGroupsPolicy(true)
        .setUserNamespacesHostNetwork(users)
        .setMountOptions(true)
        .build();
  }

  private RuntimeHandler handler(String name) throws InterruptedException {
    var offered = features.of(name);
    return RuntimeHandler.newBuilder()
        .setName(name)
        .setFeatures(
            RuntimeHandlerFeatures.newBuilder()
                .setRecursiveReadOnlyMounts(offered.contains(Feature.RECURSIVE_READ_ONLY))
                .setUserNamespaces(offered.contains(Feature.USER_NAMESPACES)))
        .build();
  }

  private static RuntimeCondition condition(String type, String reason, Optional<String> notReady) {
    var condition = RuntimeCondition.newBuilder().setType(type).setStatus(notReady.isEmpty());
    notReady.ifPresent(message -> condition.setReason(reason).setMessage(message));
    return condition.build();
  }
}
