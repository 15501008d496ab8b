// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.state;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/// What a pod is. Clients see [Ready] as READY, all else as NOTREADY.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
  @JsonSubTypes.Type(value = PodState.Ready.class, name = "ready"),
  @JsonSubTypes.Type(value = PodState.Stopping.class, name = "stopping"),
  @JsonSubTypes.Type(value = PodState.Stopped.class, name = "stopped")
})
public sealed interface PodState {
  /// Has its namespaces and addresses; containers can be created.
  record Ready() implements PodState {}

  /// No more containers; its containers, addresses or namespaces may still be there.
  record Stopping() implements PodState {}

  /// Nothing runs; no address and no namespace is held, or only until plugins that failed have
  /// given the network back.
  record Stopped() implements PodState {}
}
