// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import io.criollo.cri.v1.ContainerResources;
import io.criollo.cri.v1.ContainerState;
import io.criollo.cri.v1.ContainerStatus;
import io.criollo.cri.v1.ImageSpec;
import io.criollo.runtime.state.ContainerRecord;
import io.criollo.runtime.state.ContainerState.Created;
import io.criollo.runtime.state.ContainerState.Exited;
import io.criollo.runtime.state.ContainerState.Lost;
import io.criollo.runtime.state.ContainerState.Running;
import io.criollo.runtime.state.Times;

/// A container as clients see it.
public final class ContainerMessages {
  /// The exit code of a container of which nobody knows how it ended.
  private static final int UNKNOWN_EXIT = -1;

  private ContainerMessages() {}

  static io.criollo.cri.v1.Container item(ContainerRecord record) {
    var config = record.config();
    return io.criollo.cri.v1.Container.newBuilder()
        .setId(record.id().hex())
        .setPodSandboxId(record.pod().hex())
        .setMetadata(config.getMetadata())
        .setImage(image(record))
        .setImageRef(record.place().image().ref())
        .setImageId(record.place().image().id())
        .setState(state(record.state()))
        .setCreatedAt(Times.nanos(record.createdAt()))
        .putAllLabels(config.getLabelsMap())
        .putAllAnnotations(config.getAnnotationsMap())
        .build();
  }

  public static ContainerStatus status(ContainerRecord record) {
    var config = record.config();
    var place = record.place();
    var status =
        ContainerStatus.newBuilder()
            .setId(record.id().hex())
            .setMetadata(config.getMetadata())
            .setState(state(record.state()))
            .setCreatedAt(Times.nanos(record.createdAt()))
            .setImage(image(record))
            .setImageRef(place.image().ref())
            .setImageId(place.image().id())
            .putAllLabels(config.getLabelsMap())
            .putAllAnnotations(config.getAnnotationsMap())
            .addAllMounts(config.getMountsList())
            .setLogPath(place.logPath())
            .setUser(place.user())
            .setStopSignal(StopSignal.message(place.stopSignal()))
            .setResources(
                ContainerResources.newBuilder().setLinux(config.getLinux().getResources()));
    ended(status, record);
    return status.build();
  }

  static ContainerState state(io.criollo.runtime.state.ContainerState state) {
    return switch (state) {
      case Created _ -> ContainerState.CONTAINER_CREATED;
      case Running _ -> ContainerState.CONTAINER_RUNNING;
      case Exited _ -> ContainerState.CONTAINER_EXITED;
      case Lost _ -> ContainerState.CONTAINER_UNKNOWN;
    };
  }

  private static void ended(ContainerStatus.Builder status, ContainerRecord record) {
    switch (record.state()) {
      case Created _ -> {}
      case Running running -> status.setStartedAt(Times.nanos(running.startedAt()));
      case Exited exited ->
          status
              .setStartedAt(Times.nanos(exited.startedAt()))
              .setFinishedAt(Times.nanos(exited.finishedAt()))
              .setExitCode(exited.exitCode())
              .setReason(reason(exited))
              .setMessage(exited.detail());
      case Lost lost ->
          status
              .setStartedAt(Times.nanos(lost.startedAt()))
              .setExitCode(UNKNOWN_EXIT)
              .setReason("Unknown")
              .setMessage(lost.detail());
    }
  }

  /// The three words that the kubelet knows, and containerd's for a start that failed.
  private static String reason(Exited exited) {
    if (exited.refused()) {
      return "StartError";
    }
    if (exited.oomKilled()) {
      return "OOMKilled";
    }
    return exited.exitCode() == 0 ? "Completed" : "Error";
  }

  private static ImageSpec image(ContainerRecord record) {
    return record.config().getImage().toBuilder().setImage(record.place().image().name()).build();
  }
}
