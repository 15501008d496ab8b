// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import io.criollo.cri.v1.ContainerConfig;
import io.criollo.cri.v1.ContainerMetadata;
import io.criollo.cri.v1.ContainerState;
import io.criollo.cri.v1.ContainerStatus;
import io.criollo.cri.v1.ContainerStatusRequest;
import io.criollo.cri.v1.CreateContainerRequest;
import io.criollo.cri.v1.ExecSyncRequest;
import io.criollo.cri.v1.ExecSyncResponse;
import io.criollo.cri.v1.LinuxPodSandboxConfig;
import io.criollo.cri.v1.LinuxSandboxSecurityContext;
import io.criollo.cri.v1.NamespaceMode;
import io.criollo.cri.v1.NamespaceOption;
import io.criollo.cri.v1.PodSandboxConfig;
import io.criollo.cri.v1.PodSandboxMetadata;
import io.criollo.cri.v1.PodSandboxStatus;
import io.criollo.cri.v1.PodSandboxStatusRequest;
import io.criollo.cri.v1.RemoveContainerRequest;
import io.criollo.cri.v1.RemovePodSandboxRequest;
import io.criollo.cri.v1.RunPodSandboxRequest;
import io.criollo.cri.v1.StartContainerRequest;
import io.criollo.cri.v1.StopContainerRequest;
import io.criollo.cri.v1.StopPodSandboxRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/// A pod that runs, and what one asks of it. The client is looked up at each call, since a daemon
/// may have been started anew in the meantime.
public final class Pod {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Supplier<CriClient> client;
  private final PodSandboxConfig config;
  private final String id;

  private Pod(Supplier<CriClient> client, PodSandboxConfig config, String id) {
    this.client = client;
    this.config = config;
    this.id = id;
  }

  /// {@return what the kubelet would say of a pod of that name}
  public static PodSandboxConfig.Builder config(String name, Path logs) throws IOException {
    String uid = UUID.randomUUID().toString();
    Path folder = Files.createDirectories(logs.resolve(name + "_" + uid));
    return PodSandboxConfig.newBuilder()
        .setMetadata(
            PodSandboxMetadata.newBuilder().setName(name).setUid(uid).setNamespace("default"))
        .setHostname(name)
        .setLogDirectory(folder.toString())
        .setLinux(
            LinuxPodSandboxConfig.newBuilder()
                .setCgroupParent(PodCgroup.parent(uid))
                .setSecurityContext(pid(NamespaceMode.CONTAINER)))
        .putLabels("io.kubernetes.pod.name", name)
        .putLabels("io.kubernetes.pod.namespace", "default")
        .putLabels("io.kubernetes.pod.uid", uid);
  }

  /// {@return a pod's security context in which only the PID mode is said}
  public static LinuxSandboxSecurityContext.Builder pid(NamespaceMode mode) {
    return LinuxSandboxSecurityContext.newBuilder()
        .setNamespaceOptions(NamespaceOption.newBuilder().setPid(mode));
  }

  /// Makes the pod's cgroup and the pod.
  public static Pod run(Supplier<CriClient> client, PodSandboxConfig config) throws IOException {
    String parent = config.getLinux().getCgroupParent();
    PodCgroup.make(parent);
    String id =
        client
            .get()
            .runtime()
            .runPodSandbox(RunPodSandboxRequest.newBuilder().setConfig(config).build())
            .getPodSandboxId();
    return new Pod(client, config, id);
  }

  /// {@return a pod that was made otherwise}
  public static Pod adopt(Supplier<CriClient> client, PodSandboxConfig config, String id) {
    return new Pod(client, config, id);
  }

  public static ContainerConfig.Builder container(String name, String image, String... command) {
    return ContainerConfig.newBuilder()
        .setMetadata(ContainerMetadata.newBuilder().setName(name))
        .setImage(CriClient.spec(image))
        .addAllCommand(List.of(command))
        .setLogPath(name + ".log")
        .putLabels("io.kubernetes.container.name", name);
  }

  public String id() {
    return id;
  }

  public PodSandboxConfig config() {
    return config;
  }

  public PodSandboxStatus status() {
    return client
        .get()
        .runtime()
        .podSandboxStatus(PodSandboxStatusRequest.newBuilder().setPodSandboxId(id).build())
        .getStatus();
  }

  public String ip() {
    return status().getNetwork().getIp();
  }

  public String create(ContainerConfig.Builder container) {
    return client
        .get()
        .runtime()
        .createContainer(
            CreateContainerRequest.newBuilder()
                .setPodSandboxId(id)
                .setConfig(container)
                .setSandboxConfig(config)
                .build())
        .getContainerId();
  }

  public void start(String container) {
    client
        .get()
        .runtime()
        .startContainer(StartContainerRequest.newBuilder().setContainerId(container).build());
  }

  public String createAndStart(ContainerConfig.Builder container) {
    String created = create(container);
    start(created);
    return created;
  }

  public ContainerStatus status(String container) {
    return client
        .get()
        .runtime()
        .containerStatus(ContainerStatusRequest.newBuilder().setContainerId(container).build())
        .getStatus();
  }

  /// Waits until the container has ended by itself.
  public ContainerStatus awaitExit(String container) throws IOException, InterruptedException {
    Patience.await(
        "container " + container + " exits",
        PATIENCE,
        () -> status(container).getState() == ContainerState.CONTAINER_EXITED);
    return status(container);
  }

  public ExecSyncResponse exec(String container, String... command) {
    return exec(container, Duration.ofSeconds(60), command);
  }

  public ExecSyncResponse exec(String container, Duration timeout, String... command) {
    return client
        .get()
        .runtime()
        .execSync(
            ExecSyncRequest.newBuilder()
                .setContainerId(container)
                .addAllCmd(List.of(command))
                .setTimeout(timeout.toSeconds())
                .build());
  }

  /// {@return what a command in the container prints, without white space at the end}
  public String output(String container, String... command) {
    return exec(container, command).getStdout().toStringUtf8().strip();
  }

  public void stop(String container, Duration grace) {
    client
        .get()
        .runtime()
        .stopContainer(
            StopContainerRequest.newBuilder()
                .setContainerId(container)
                .setTimeout(grace.toSeconds())
                .build());
  }

  public void remove(String container) {
    client
        .get()
        .runtime()
        .removeContainer(RemoveContainerRequest.newBuilder().setContainerId(container).build());
  }

  /// {@return the lines of a container's log, each with its time, stream and tag}
  public List<String> log(String name) throws IOException {
    return Files.readAllLines(Path.of(config.getLogDirectory(), name + ".log"));
  }

  public void stop() {
    client
        .get()
        .runtime()
        .stopPodSandbox(StopPodSandboxRequest.newBuilder().setPodSandboxId(id).build());
  }

  /// Removes the pod, and its cgroup as the kubelet does.
  public void remove() {
    client
        .get()
        .runtime()
        .removePodSandbox(RemovePodSandboxRequest.newBuilder().setPodSandboxId(id).build());
    String parent = config.getLinux().getCgroupParent();
    PodCgroup.remove(parent);
  }
}
