// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.events;

import io.criollo.cri.v1.ContainerEventResponse;
import io.criollo.cri.v1.ContainerEventType;
import io.criollo.runtime.container.ContainerMessages;
import io.criollo.runtime.sandbox.PodMessages;
import io.criollo.runtime.state.Changes;
import io.criollo.runtime.state.ContainerRecord;
import io.criollo.runtime.state.PodRecord;
import io.criollo.runtime.state.Times;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One thing that happened, and the whole pod right after it. Holds only references to immutable
/// records; the message is made when it is sent.
///
/// @param id of the container or pod that it happened to
/// @param pod empty for a container whose pod was lost
record PodEvent(
    Changes.Kind kind,
    String id,
    Instant at,
    Optional<PodRecord> pod,
    List<ContainerRecord> containers) {
  PodEvent {
    containers = List.copyOf(containers);
  }

  ContainerEventResponse message() {
    var message =
        ContainerEventResponse.newBuilder()
            .setContainerId(id)
            .setContainerEventType(type(kind))
            .setCreatedAt(Times.nanos(at));
    pod.map(PodMessages::status).ifPresent(message::setPodSandboxStatus);
    containers.forEach(one -> message.addContainersStatuses(ContainerMessages.status(one)));
    return message.build();
  }

  private static ContainerEventType type(Changes.Kind kind) {
    return switch (kind) {
      case CREATED -> ContainerEventType.CONTAINER_CREATED_EVENT;
      case STARTED -> ContainerEventType.CONTAINER_STARTED_EVENT;
      case STOPPED -> ContainerEventType.CONTAINER_STOPPED_EVENT;
      case DELETED -> ContainerEventType.CONTAINER_DELETED_EVENT;
    };
  }
}
