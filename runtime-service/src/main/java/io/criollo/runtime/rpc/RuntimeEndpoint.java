// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.rpc;

import io.criollo.cri.v1.AttachRequest;
import io.criollo.cri.v1.AttachResponse;
import io.criollo.cri.v1.ContainerEventResponse;
import io.criollo.cri.v1.ContainerStatsRequest;
import io.criollo.cri.v1.ContainerStatsResponse;
import io.criollo.cri.v1.ContainerStatusRequest;
import io.criollo.cri.v1.ContainerStatusResponse;
import io.criollo.cri.v1.CreateContainerRequest;
import io.criollo.cri.v1.CreateContainerResponse;
import io.criollo.cri.v1.ExecRequest;
import io.criollo.cri.v1.ExecResponse;
import io.criollo.cri.v1.ExecSyncRequest;
import io.criollo.cri.v1.ExecSyncResponse;
import io.criollo.cri.v1.GetEventsRequest;
import io.criollo.cri.v1.ListContainerStatsRequest;
import io.criollo.cri.v1.ListContainerStatsResponse;
import io.criollo.cri.v1.ListContainersRequest;
import io.criollo.cri.v1.ListContainersResponse;
import io.criollo.cri.v1.ListMetricDescriptorsRequest;
import io.criollo.cri.v1.ListMetricDescriptorsResponse;
import io.criollo.cri.v1.ListPodSandboxMetricsRequest;
import io.criollo.cri.v1.ListPodSandboxMetricsResponse;
import io.criollo.cri.v1.ListPodSandboxRequest;
import io.criollo.cri.v1.ListPodSandboxResponse;
import io.criollo.cri.v1.ListPodSandboxStatsRequest;
import io.criollo.cri.v1.ListPodSandboxStatsResponse;
import io.criollo.cri.v1.PodSandboxStatsRequest;
import io.criollo.cri.v1.PodSandboxStatsResponse;
import io.criollo.cri.v1.PodSandboxStatusRequest;
import io.criollo.cri.v1.PodSandboxStatusResponse;
import io.criollo.cri.v1.PortForwardRequest;
import io.criollo.cri.v1.PortForwardResponse;
import io.criollo.cri.v1.RemoveContainerRequest;
import io.criollo.cri.v1.RemoveContainerResponse;
import io.criollo.cri.v1.RemovePodSandboxRequest;
import io.criollo.cri.v1.RemovePodSandboxResponse;
import io.criollo.cri.v1.ReopenContainerLogRequest;
import io.criollo.cri.v1.ReopenContainerLogResponse;
import io.criollo.cri.v1.RunPodSandboxRequest;
import io.criollo.cri.v1.RunPodSandboxResponse;
import io.criollo.cri.v1.RuntimeConfigRequest;
import io.criollo.cri.v1.RuntimeConfigResponse;
import io.criollo.cri.v1.RuntimeServiceGrpc;
import io.criollo.cri.v1.StartContainerRequest;
import io.criollo.cri.v1.StartContainerResponse;
import io.criollo.cri.v1.StatusRequest;
import io.criollo.cri.v1.StatusResponse;
import io.criollo.cri.v1.StopContainerRequest;
import io.criollo.cri.v1.StopContainerResponse;
import io.criollo.cri.v1.StopPodSandboxRequest;
import io.criollo.cri.v1.StopPodSandboxResponse;
import io.criollo.cri.v1.StreamContainerStatsRequest;
import io.criollo.cri.v1.StreamContainerStatsResponse;
import io.criollo.cri.v1.StreamContainersRequest;
import io.criollo.cri.v1.StreamContainersResponse;
import io.criollo.cri.v1.StreamPodSandboxMetricsRequest;
import io.criollo.cri.v1.StreamPodSandboxMetricsResponse;
import io.criollo.cri.v1.StreamPodSandboxStatsRequest;
import io.criollo.cri.v1.StreamPodSandboxStatsResponse;
import io.criollo.cri.v1.StreamPodSandboxesRequest;
import io.criollo.cri.v1.StreamPodSandboxesResponse;
import io.criollo.cri.v1.UpdateContainerResourcesRequest;
import io.criollo.cri.v1.UpdateContainerResourcesResponse;
import io.criollo.cri.v1.UpdatePodSandboxResourcesRequest;
import io.criollo.cri.v1.UpdatePodSandboxResourcesResponse;
import io.criollo.cri.v1.UpdateRuntimeConfigRequest;
import io.criollo.cri.v1.UpdateRuntimeConfigResponse;
import io.criollo.cri.v1.VersionRequest;
import io.criollo.cri.v1.VersionResponse;
import io.criollo.runtime.events.ContainerEvents;
import io.grpc.stub.StreamObserver;

/// The CRI's RuntimeService: one line per call. What is missing here answers Unimplemented.
public final class RuntimeEndpoint extends RuntimeServiceGrpc.RuntimeServiceImplBase {
  private final Answer answer = new Answer();
  private final NodeCalls node;
  private final PodCalls pods;
  private final ContainerCalls containers;
  private final StreamCalls streams;
  private final ContainerEvents events;

  public RuntimeEndpoint(
      NodeCalls node,
      PodCalls pods,
      ContainerCalls containers,
      StreamCalls streams,
      ContainerEvents events) {
    this.events = events;
    this.node = node;
    this.pods = pods;
    this.containers = containers;
    this.streams = streams;
  }

  @Override
  public void version(VersionRequest request, StreamObserver<VersionResponse> to) {
    answer.reply("Version", "", to, () -> node.version().version(request));
  }

  @Override
  public void status(StatusRequest request, StreamObserver<StatusResponse> to) {
    answer.reply("Status", "", to, () -> node.status().status(request));
  }

  @Override
  public void runtimeConfig(
      RuntimeConfigRequest request, StreamObserver<RuntimeConfigResponse> to) {
    answer.reply("RuntimeConfig", "", to, () -> node.runtimeConfig().runtimeConfig(request));
  }

  @Override
  public void updateRuntimeConfig(
      UpdateRuntimeConfigRequest request, StreamObserver<UpdateRuntimeConfigResponse> to) {
    answer.reply("UpdateRuntimeConfig", "", to, () -> node.update().update(request));
  }

  @Override
  public void runPodSandbox(
      RunPodSandboxRequest request, StreamObserver<RunPodSandboxResponse> to) {
    answer.reply(
        "RunPodSandbox", to, () -> pods.run().run(request), RunPodSandboxResponse::getPodSandboxId);
  }

  @Override
  public void stopPodSandbox(
      StopPodSandboxRequest request, StreamObserver<StopPodSandboxResponse> to) {
    answer.reply("StopPodSandbox", request.getPodSandboxId(), to, () -> pods.stop().stop(request));
  }

  @Override
  public void removePodSandbox(
      RemovePodSandboxRequest request, StreamObserver<RemovePodSandboxResponse> to) {
    answer.reply(
        "RemovePodSandbox", request.getPodSandboxId(), to, () -> pods.remove().remove(request));
  }

  @Override
  public void podSandboxStatus(
      PodSandboxStatusRequest request, StreamObserver<PodSandboxStatusResponse> to) {
    answer.reply(
        "PodSandboxStatus", request.getPodSandboxId(), to, () -> pods.status().status(request));
  }

  @Override
  public void listPodSandbox(
      ListPodSandboxRequest request, StreamObserver<ListPodSandboxResponse> to) {
    answer.reply("ListPodSandbox", "", to, () -> pods.list().list(request));
  }

  @Override
  public void streamPodSandboxes(
      StreamPodSandboxesRequest request, StreamObserver<StreamPodSandboxesResponse> to) {
    answer.chunks(
        "StreamPodSandboxes",
        to,
        () -> pods.list().items(request.getFilter()),
        part -> StreamPodSandboxesResponse.newBuilder().addAllPodSandboxes(part).build());
  }

  @Override
  public void podSandboxStats(
      PodSandboxStatsRequest request, StreamObserver<PodSandboxStatsResponse> to) {
    answer.reply(
        "PodSandboxStats", request.getPodSandboxId(), to, () -> pods.usage().stats(request));
  }

  @Override
  public void listPodSandboxStats(
      ListPodSandboxStatsRequest request, StreamObserver<ListPodSandboxStatsResponse> to) {
    answer.reply("ListPodSandboxStats", "", to, () -> pods.usage().list(request));
  }

  @Override
  public void streamPodSandboxStats(
      StreamPodSandboxStatsRequest request, StreamObserver<StreamPodSandboxStatsResponse> to) {
    answer.chunks(
        "StreamPodSandboxStats",
        to,
        () -> pods.usage().items(request.getFilter()).iterator(),
        part -> StreamPodSandboxStatsResponse.newBuilder().addAllPodSandboxStats(part).build());
  }

  @Override
  public void listMetricDescriptors(
      ListMetricDescriptorsRequest request, StreamObserver<ListMetricDescriptorsResponse> to) {
    answer.reply("ListMetricDescriptors", "", to, () -> pods.metrics().descriptors());
  }

  @Override
  public void listPodSandboxMetrics(
      ListPodSandboxMetricsRequest request, StreamObserver<ListPodSandboxMetricsResponse> to) {
    answer.reply("ListPodSandboxMetrics", "", to, () -> pods.metrics().list());
  }

  @Override
  public void streamPodSandboxMetrics(
      StreamPodSandboxMetricsRequest request, StreamObserver<StreamPodSandboxMetricsResponse> to) {
    answer.chunks(
        "StreamPodSandboxMetrics",
        to,
        () -> pods.metrics().items().iterator(),
        part -> StreamPodSandboxMetricsResponse.newBuilder().addAllPodSandboxMetrics(part).build());
  }

  @Override
  public void updatePodSandboxResources(
      UpdatePodSandboxResourcesRequest request,
      StreamObserver<UpdatePodSandboxResourcesResponse> to) {
    answer.reply(
        "UpdatePodSandboxResources",
        request.getPodSandboxId(),
        to,
        () -> pods.update().update(request));
  }

  @Override
  public void createContainer(
      CreateContainerRequest request, StreamObserver<CreateContainerResponse> to) {
    answer.reply(
        "CreateContainer",
        to,
        () -> containers.create().create(request),
        CreateContainerResponse::getContainerId);
  }

  @Override
  public void startContainer(
      StartContainerRequest request, StreamObserver<StartContainerResponse> to) {
    answer.reply(
        "StartContainer", request.getContainerId(), to, () -> containers.start().start(request));
  }

  @Override
  public void stopContainer(
      StopContainerRequest request, StreamObserver<StopContainerResponse> to) {
    answer.reply(
        "StopContainer", request.getContainerId(), to, () -> containers.stop().stop(request));
  }

  @Override
  public void removeContainer(
      RemoveContainerRequest request, StreamObserver<RemoveContainerResponse> to) {
    answer.reply(
        "RemoveContainer", request.getContainerId(), to, () -> containers.remove().remove(request));
  }

  @Override
  public void containerStatus(
      ContainerStatusRequest request, StreamObserver<ContainerStatusResponse> to) {
    answer.reply(
        "ContainerStatus", request.getContainerId(), to, () -> containers.status().status(request));
  }

  @Override
  public void listContainers(
      ListContainersRequest request, StreamObserver<ListContainersResponse> to) {
    answer.reply("ListContainers", "", to, () -> containers.list().list(request));
  }

  @Override
  public void streamContainers(
      StreamContainersRequest request, StreamObserver<StreamContainersResponse> to) {
    answer.chunks(
        "StreamContainers",
        to,
        () -> containers.list().items(request.getFilter()),
        part -> StreamContainersResponse.newBuilder().addAllContainers(part).build());
  }

  @Override
  public void updateContainerResources(
      UpdateContainerResourcesRequest request,
      StreamObserver<UpdateContainerResourcesResponse> to) {
    answer.reply(
        "UpdateContainerResources",
        request.getContainerId(),
        to,
        () -> containers.update().update(request));
  }

  @Override
  public void containerStats(
      ContainerStatsRequest request, StreamObserver<ContainerStatsResponse> to) {
    answer.reply(
        "ContainerStats", request.getContainerId(), to, () -> containers.usage().stats(request));
  }

  @Override
  public void listContainerStats(
      ListContainerStatsRequest request, StreamObserver<ListContainerStatsResponse> to) {
    answer.reply("ListContainerStats", "", to, () -> containers.usage().list(request));
  }

  @Override
  public void streamContainerStats(
      StreamContainerStatsRequest request, StreamObserver<StreamContainerStatsResponse> to) {
    answer.chunks(
        "StreamContainerStats",
        to,
        () -> containers.usage().items(request.getFilter()).iterator(),
        part -> StreamContainerStatsResponse.newBuilder().addAllContainerStats(part).build());
  }

  @Override
  public void getContainerEvents(
      GetEventsRequest request, StreamObserver<ContainerEventResponse> to) {
    answer.stream("GetContainerEvents", to, () -> new EventSource(events.subscribe()));
  }

  @Override
  public void execSync(ExecSyncRequest request, StreamObserver<ExecSyncResponse> to) {
    answer.replyUntilClientLeaves(
        "ExecSync",
        request.getContainerId(),
        to,
        () -> containers.execSync().execSync(request, Answer::whenCallEnds));
  }

  @Override
  public void exec(ExecRequest request, StreamObserver<ExecResponse> to) {
    answer.reply("Exec", request.getContainerId(), to, () -> streams.containers().exec(request));
  }

  @Override
  public void attach(AttachRequest request, StreamObserver<AttachResponse> to) {
    answer.reply(
        "Attach", request.getContainerId(), to, () -> streams.containers().attach(request));
  }

  @Override
  public void portForward(PortForwardRequest request, StreamObserver<PortForwardResponse> to) {
    answer.reply(
        "PortForward", request.getPodSandboxId(), to, () -> streams.server().portForward(request));
  }

  @Override
  public void reopenContainerLog(
      ReopenContainerLogRequest request, StreamObserver<ReopenContainerLogResponse> to) {
    answer.reply(
        "ReopenContainerLog",
        request.getContainerId(),
        to,
        () -> containers.reopenLog().reopenLog(request));
  }
}
