// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance.bench;

import io.criollo.conformance.CriClient;
import io.criollo.conformance.Pod;
import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.ContainerConfig;
import io.criollo.cri.v1.ListContainerStatsRequest;
import io.criollo.cri.v1.ListContainersRequest;
import io.criollo.cri.v1.ListPodSandboxRequest;
import io.criollo.cri.v1.ListPodSandboxStatsRequest;
import io.criollo.cri.v1.NamespaceMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/// The lives of pods with one runtime, measured.
final class Contestant implements AutoCloseable {
  private final Peer peer;
  private final CriClient client;
  private final Path logs;
  private final Samples samples = new Samples();
  private final List<Pod> crowd = new ArrayList<>();

  @FunctionalInterface
  private interface Work {
    void run() throws Exception;
  }

  Contestant(Peer peer, Path logs) {
    this.peer = peer;
    this.client = peer.client();
    this.logs = logs.resolve(peer.name());
  }

  String name() {
    return peer.name();
  }

  Samples samples() {
    return samples;
  }

  /// Whether it is asked for more than the first time from now on.
  void warm(boolean warm) {
    samples.mark(warm ? "" : ", cold");
  }

  void prepare() {
    client.pull(TestImages.BUSYBOX);
  }

  void weigh(String when) {
    samples.add("PSS with " + when + " (MiB)", peer.processes().pss());
  }

  /// The life of one pod with one container, step by step.
  void round() throws Exception {
    var pod = samples.time("RunPodSandbox", () -> run("round"));
    // runtimes share the work out differently between the two
    var id = samples.time("Create and StartContainer", () -> started(pod));
    samples.time("ExecSync", () -> pod.exec(id, "true"));
    timed("Stop and RemoveContainer", () -> end(pod, id));
    timed("StopPodSandbox", pod::stop);
    timed("RemovePodSandbox", pod::remove);
  }

  private String started(Pod pod) throws Exception {
    var id = samples.time("CreateContainer", () -> pod.create(container()));
    timed("StartContainer", () -> pod.start(id));
    return id;
  }

  private void end(Pod pod, String id) throws Exception {
    timed("StopContainer", () -> pod.stop(id, Duration.ZERO));
    timed("RemoveContainer", () -> pod.remove(id));
  }

  /// Many pods with a container each, all at once.
  void crowd(int size) throws Exception {
    long begin = System.nanoTime();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var starting = new ArrayList<Callable<Pod>>();
      for (int i = 0; i < size; i++) {
        String pod = "crowd-" + i;
        starting.add(() -> samples.time("one of " + size + " pods at once", () -> whole(pod)));
      }
      for (var started : threads.invokeAll(starting)) {
        crowd.add(started.get());
      }
    }
    samples.add("all " + size + " pods at once", (System.nanoTime() - begin) / 1e6);
  }

  /// As many one after the other, not measured.
  void gather(int size) throws Exception {
    for (int i = 0; i < size; i++) {
      crowd.add(whole("crowd-" + i));
    }
  }

  /// What the kubelet asks again and again.
  void lists(int size) throws Exception {
    var runtime = client.runtime();
    var with = " with " + size + " pods";
    samples.time(
        "ListPodSandbox" + with,
        () -> runtime.listPodSandbox(ListPodSandboxRequest.getDefaultInstance()));
    samples.time(
        "ListContainers" + with,
        () -> runtime.listContainers(ListContainersRequest.getDefaultInstance()));
    samples.time(
        "ListContainerStats" + with,
        () -> runtime.listContainerStats(ListContainerStatsRequest.getDefaultInstance()));
    samples.time(
        "ListPodSandboxStats" + with,
        () -> runtime.listPodSandboxStats(ListPodSandboxStatsRequest.getDefaultInstance()));
  }

  /// Takes the many pods away, one after the other.
  void disperse() {
    for (var pod : crowd) {
      pod.stop();
      pod.remove();
    }
    crowd.clear();
  }

  private Pod whole(String pod) throws Exception {
    var running = run(pod);
    running.createAndStart(container());
    return running;
  }

  /// Its containers do not share processes, as the kubelet has it unless asked.
  private Pod run(String pod) throws Exception {
    var config = Pod.config(pod, logs);
    config
        .getLinuxBuilder()
        .getSecurityContextBuilder()
        .getNamespaceOptionsBuilder()
        .setPid(NamespaceMode.CONTAINER);
    return Pod.run(() -> client, config.build());
  }

  private static ContainerConfig.Builder container() {
    var container = Pod.container("a", TestImages.BUSYBOX, "sleep", "100000");
    container
        .getLinuxBuilder()
        .getSecurityContextBuilder()
        .getNamespaceOptionsBuilder()
        .setPid(NamespaceMode.CONTAINER);
    return container;
  }

  private void timed(String operation, Work work) throws Exception {
    samples.time(
        operation,
        () -> {
          work.run();
          return true;
        });
  }

  @Override
  public void close() {
    peer.close();
  }
}
