// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.criollo.conformance.CriClient;
import io.criollo.conformance.DaemonProcess;
import io.criollo.conformance.Ledger;
import io.criollo.conformance.Pod;
import io.criollo.conformance.TestNode;
import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.ContainerConfig;
import io.criollo.cri.v1.ContainerStatus;
import io.criollo.cri.v1.ExecSyncResponse;
import io.criollo.cri.v1.LinuxContainerConfig;
import io.criollo.cri.v1.LinuxContainerResources;
import io.criollo.cri.v1.StatusRequest;
import io.criollo.cri.v1.VersionResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// One pod with a web server and a client that fetches its page over the shared network namespace.
final class Demonstration {
  private static final long MEMORY = 64L << 20;
  private static final String FETCH =
      "until wget -q -O - http://127.0.0.1/; do usleep 50000; done; exit 7";

  private final TestNode node;
  private final DaemonProcess daemon;
  private final CriClient client;
  private final Transcript transcript;

  Demonstration(TestNode node, DaemonProcess daemon, Transcript transcript) {
    this.node = node;
    this.daemon = daemon;
    this.client = daemon.client();
    this.transcript = transcript;
  }

  void run() throws Exception {
    introduce();
    pull();
    Ledger before = node.ledger();
    Pod pod = startPod();
    String web = startWeb(pod);
    askFromHost(pod);
    runFetch(pod);
    lookInside(pod, web);
    takeDown(pod, web);
    account(before);
    transcript.step("daemon asked how it is", () -> client.version());
    memory();
  }

  private void introduce() throws Exception {
    VersionResponse version = transcript.step("Version", client::version);
    transcript.show(version.getRuntimeName() + " " + version.getRuntimeVersion());
    var status =
        transcript.step(
            "Status", () -> client.runtime().status(StatusRequest.getDefaultInstance()));
    for (var condition : status.getStatus().getConditionsList()) {
      transcript.check(condition.getType() + " " + condition.getMessage(), condition.getStatus());
    }
  }

  private void pull() throws Exception {
    for (String image : List.of(TestImages.WEB, TestImages.BUSYBOX)) {
      transcript.show(transcript.step("PullImage " + image, () -> client.pull(image)));
    }
  }

  private Pod startPod() throws Exception {
    var config = Pod.config("demo", node.logs()).build();
    Pod pod = transcript.step("RunPodSandbox demo", () -> Pod.run(() -> client, config));
    var network = pod.status().getNetwork();
    transcript.show("id " + pod.id());
    transcript.show("address " + network.getIp());
    network.getAdditionalIpsList().forEach(ip -> transcript.show("address " + ip.getIp()));
    return pod;
  }

  private String startWeb(Pod pod) throws Exception {
    ContainerConfig.Builder web =
        Pod.container("web", TestImages.WEB)
            .setLinux(
                LinuxContainerConfig.newBuilder()
                    .setResources(
                        LinuxContainerResources.newBuilder()
                            .setMemoryLimitInBytes(MEMORY)
                            .setCpuPeriod(100_000)
                            .setCpuQuota(50_000)));
    String id = transcript.step("CreateContainer web", () -> pod.create(web));
    transcript.step(
        "StartContainer web",
        () -> {
          pod.start(id);
          return id;
        });
    return id;
  }

  private void askFromHost(Pod pod) throws Exception {
    String url = "http://" + pod.ip() + "/";
    String page =
        transcript.step(
            "curl " + url + " from the node",
            () ->
                output(
                    "curl",
                    "-s",
                    "-f",
                    "--retry-connrefused",
                    "--retry",
                    "20",
                    "--retry-delay",
                    "0",
                    "-m",
                    "20",
                    url));
    transcript.show(page);
    transcript.check("the pod's address answers the node", page.equals(TestImages.PAGE));
  }

  private void runFetch(Pod pod) throws Exception {
    var config = Pod.container("fetch", TestImages.BUSYBOX, "sh", "-c", FETCH);
    String id =
        transcript.step(
            "CreateContainer and StartContainer fetch", () -> pod.createAndStart(config));
    ContainerStatus status = transcript.step("fetch has ended", () -> pod.awaitExit(id));
    List<String> log = pod.log("fetch");
    log.forEach(transcript::show);
    transcript.check(
        "the second container got the page over the pod's own loopback",
        log.stream().anyMatch(line -> line.endsWith(TestImages.PAGE.strip())));
    transcript.check("its exit code is 7: " + status.getExitCode(), status.getExitCode() == 7);
    transcript.step(
        "RemoveContainer fetch",
        () -> {
          pod.remove(id);
          return id;
        });
  }

  private void lookInside(Pod pod, String web) throws Exception {
    ExecSyncResponse echo =
        transcript.step(
            "ExecSync web: id; hostname", () -> pod.exec(web, "sh", "-c", "id; hostname"));
    transcript.show(echo.getStdout().toStringUtf8());
    transcript.check("its exit code is 0", echo.getExitCode() == 0);
    String memory = pod.output(web, "cat", "/sys/fs/cgroup/memory.max");
    transcript.check("memory.max inside the container is " + memory, memory.equals("" + MEMORY));
    String cpu = pod.output(web, "cat", "/sys/fs/cgroup/cpu.max");
    transcript.check("cpu.max inside the container is " + cpu, cpu.equals("50000 100000"));
    transcript.show("log of web:");
    pod.log("web").forEach(transcript::show);
  }

  private void takeDown(Pod pod, String web) throws Exception {
    transcript.step(
        "StopContainer web",
        () -> {
          pod.stop(web, Duration.ofSeconds(2));
          return web;
        });
    transcript.show("exit code " + pod.status(web).getExitCode());
    transcript.step(
        "StopPodSandbox and RemovePodSandbox demo",
        () -> {
          pod.stop();
          pod.remove();
          return web;
        });
  }

  private void account(Ledger before) throws IOException, InterruptedException {
    Ledger now = node.ledger();
    Map<String, Set<String>> left = now.beyond(before);
    now.entries()
        .forEach((kind, names) ->
            transcript.check(
                "no " + kind + " left" + (left.containsKey(kind) ? ": " + left.get(kind) : ""),
                !left.containsKey(kind)));
  }

  private void memory() throws IOException {
    transcript.show("memory: daemon " + resident(daemon.pid()));
    var monitor = node.monitor();
    if (monitor.isPresent()) {
      transcript.show("memory: monitor " + resident(monitor.get().pid()));
    }
  }

  private static String resident(long pid) throws IOException {
    try (var lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS") || line.startsWith("RssAnon"))
          .map(line -> line.replaceAll("\\s+", " "))
          .reduce("", (a, b) -> a + " " + b);
    }
  }

  private static String output(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    return text;
  }
}
