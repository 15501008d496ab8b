// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.rehearsal;

import io.criollo.cri.v1.ContainerStatsRequest;
import io.criollo.cri.v1.ContainerStatusRequest;
import io.criollo.cri.v1.CreateContainerRequest;
import io.criollo.cri.v1.ExecSyncRequest;
import io.criollo.cri.v1.GetEventsRequest;
import io.criollo.cri.v1.ImageFsInfoRequest;
import io.criollo.cri.v1.ImageSpec;
import io.criollo.cri.v1.ImageStatusRequest;
import io.criollo.cri.v1.ListContainerStatsRequest;
import io.criollo.cri.v1.ListContainersRequest;
import io.criollo.cri.v1.ListImagesRequest;
import io.criollo.cri.v1.ListPodSandboxMetricsRequest;
import io.criollo.cri.v1.ListPodSandboxRequest;
import io.criollo.cri.v1.ListPodSandboxStatsRequest;
import io.criollo.cri.v1.PodSandboxStatsRequest;
import io.criollo.cri.v1.PodSandboxStatusRequest;
import io.criollo.cri.v1.PullImageRequest;
import io.criollo.cri.v1.RemoveContainerRequest;
import io.criollo.cri.v1.RemovePodSandboxRequest;
import io.criollo.cri.v1.RunPodSandboxRequest;
import io.criollo.cri.v1.RuntimeConfigRequest;
import io.criollo.cri.v1.StartContainerRequest;
import io.criollo.cri.v1.StatusRequest;
import io.criollo.cri.v1.StopContainerRequest;
import io.criollo.cri.v1.StopPodSandboxRequest;
import io.criollo.cri.v1.UpdateContainerResourcesRequest;
import io.criollo.cri.v1.VersionRequest;
import io.criollo.runtime.rpc.CriClient;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// The lives of pods with one container each, one after the other, as a kubelet asks for them. A
/// call that fails is noted once: what this machine does not offer is not rehearsed. One thread.
final class Rehearsal {
  private static final int LEAST = 5;
  private static final int MOST = 40;
  private static final int QUESTIONS = 10;

  /// By then Java has optimised what serves every call, and its cache says that it is worth it.
  private static final int LIGHT_CALLS = 12_000;

  private static final Duration LIGHT_CALLS_LIMIT = Duration.ofSeconds(30);
  private static final long EXEC_SECONDS = 30;

  private final CriClient client;
  private final Wishes wishes;
  private final Map<String, String> failures = new LinkedHashMap<>();

  Rehearsal(CriClient client, Wishes wishes) {
    this.client = client;
    this.wishes = wishes;
  }

  /// {@return calls that failed, with the first reason of each}
  Map<String, String> failures() {
    return Map.copyOf(failures);
  }

  /// Begins no other pod after this time, unless there were few; one more is asked for again and
  /// again.
  ///
  /// @return how many have lived
  int run(Duration enough) {
    long end = System.nanoTime() + enough.toNanos();
    node();
    int pods = 0;
    do {
      life("rehearsal-" + pods, 0);
      pods++;
    } while (pods < LEAST || (pods < MOST && System.nanoTime() < end));
    life("rehearsal-" + pods, LIGHT_CALLS);
    return pods + 1;
  }

  private void node() {
    var image = ImageSpec.newBuilder().setImage(wishes.image()).build();
    attempt("Version", () -> client.runtime().version(VersionRequest.getDefaultInstance()));
    attempt(
        "Status",
        () -> client.runtime().status(StatusRequest.newBuilder().setVerbose(true).build()));
    attempt(
        "RuntimeConfig",
        () -> client.runtime().runtimeConfig(RuntimeConfigRequest.getDefaultInstance()));
    attempt(
        "PullImage",
        () -> client.images().pullImage(PullImageRequest.newBuilder().setImage(image).build()));
    attempt(
        "ImageStatus",
        () -> client.images().imageStatus(ImageStatusRequest.newBuilder().setImage(image).build()));
    attempt("ListImages", () -> client.images().listImages(ListImagesRequest.getDefaultInstance()));
    attempt(
        "ImageFsInfo", () -> client.images().imageFsInfo(ImageFsInfoRequest.getDefaultInstance()));
    attempt( // the daemon does the work; nobody reads
        "GetContainerEvents",
        () -> client.runtime().getContainerEvents(GetEventsRequest.getDefaultInstance()));
  }

  private void life(String name, int calls) {
    var config = wishes.pod(name);
    var run = RunPodSandboxRequest.newBuilder().setConfig(config).build();
    var made = ask("RunPodSandbox", () -> client.runtime().runPodSandbox(run).getPodSandboxId());
    if (made.isEmpty()) {
      return;
    }
    var pod = made.get();
    var create =
        CreateContainerRequest.newBuilder()
            .setPodSandboxId(pod)
            .setConfig(wishes.container())
            .setSandboxConfig(config)
            .build();
    ask("CreateContainer", () -> client.runtime().createContainer(create).getContainerId())
        .ifPresent(id -> container(id, calls));
    questions(pod);
    var stop = StopPodSandboxRequest.newBuilder().setPodSandboxId(pod).build();
    attempt("StopPodSandbox", () -> client.runtime().stopPodSandbox(stop));
    var remove = RemovePodSandboxRequest.newBuilder().setPodSandboxId(pod).build();
    attempt("RemovePodSandbox", () -> client.runtime().removePodSandbox(remove));
  }

  private void container(String id, int calls) {
    var start = StartContainerRequest.newBuilder().setContainerId(id).build();
    attempt("StartContainer", () -> client.runtime().startContainer(start));
    var exec =
        ExecSyncRequest.newBuilder().setContainerId(id).addCmd("true").setTimeout(EXEC_SECONDS);
    attempt("ExecSync", () -> client.runtime().execSync(exec.build()));
    var status = ContainerStatusRequest.newBuilder().setContainerId(id).build();
    attempt("ContainerStatus", () -> client.runtime().containerStatus(status));
    var stats = ContainerStatsRequest.newBuilder().setContainerId(id).build();
    attempt("ContainerStats", () -> client.runtime().containerStats(stats));
    var update =
        UpdateContainerResourcesRequest.newBuilder()
            .setContainerId(id)
            .setLinux(Wishes.resources(0))
            .build();
    attempt("UpdateContainerResources", () -> client.runtime().updateContainerResources(update));
    lists();
    lightCalls(status, calls);
    var stop = StopContainerRequest.newBuilder().setContainerId(id).build();
    attempt("StopContainer", () -> client.runtime().stopContainer(stop));
    var remove = RemoveContainerRequest.newBuilder().setContainerId(id).build();
    attempt("RemoveContainer", () -> client.runtime().removeContainer(remove));
  }

  private void lists() {
    var runtime = client.runtime();
    for (int i = 0; i < QUESTIONS; i++) {
      attempt(
          "ListPodSandbox",
          () -> runtime.listPodSandbox(ListPodSandboxRequest.getDefaultInstance()));
      attempt(
          "ListContainers",
          () -> runtime.listContainers(ListContainersRequest.getDefaultInstance()));
      attempt(
          "ListContainerStats",
          () -> runtime.listContainerStats(ListContainerStatsRequest.getDefaultInstance()));
      attempt(
          "ListPodSandboxStats",
          () -> runtime.listPodSandboxStats(ListPodSandboxStatsRequest.getDefaultInstance()));
    }
    attempt(
        "ListPodSandboxMetrics",
        () -> runtime.listPodSandboxMetrics(ListPodSandboxMetricsRequest.getDefaultInstance()));
  }

  private void lightCalls(ContainerStatusRequest status, int count) {
    var runtime = client.runtime();
    long end = System.nanoTime() + LIGHT_CALLS_LIMIT.toNanos();
    for (int i = 0; i < count && System.nanoTime() < end; i += 4) {
      attempt("Version", () -> runtime.version(VersionRequest.getDefaultInstance()));
      attempt("ContainerStatus", () -> runtime.containerStatus(status));
      attempt(
          "ListPodSandbox",
          () -> runtime.listPodSandbox(ListPodSandboxRequest.getDefaultInstance()));
      attempt(
          "ListContainers",
          () -> runtime.listContainers(ListContainersRequest.getDefaultInstance()));
    }
  }

  private void questions(String pod) {
    var status = PodSandboxStatusRequest.newBuilder().setPodSandboxId(pod).build();
    attempt("PodSandboxStatus", () -> client.runtime().podSandboxStatus(status));
    var stats = PodSandboxStatsRequest.newBuilder().setPodSandboxId(pod).build();
    attempt("PodSandboxStats", () -> client.runtime().podSandboxStats(stats));
  }

  private void attempt(String call, Supplier<?> work) {
    var _ = ask(call, work);
  }

  private <T> Optional<T> ask(String call, Supplier<T> work) {
    try {
      return Optional.of(work.get());
    } catch (RuntimeException e) { // of gRPC, which is not known here
      failures.putIfAbsent(call, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }
}
