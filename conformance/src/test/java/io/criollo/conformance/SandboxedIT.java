// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.ContainerStatusRequest;
import io.criollo.cri.v1.NamespaceMode;
import io.criollo.cri.v1.PodSandboxState;
import io.criollo.cri.v1.PodSandboxStatsRequest;
import io.criollo.cri.v1.UpdateContainerResourcesRequest;
import io.grpc.Status.Code;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// A runtime handler whose runtime runs the containers of a pod inside of the pod's first one, as
/// gVisor does: by its command line, over another runtime.
@AnyRuntime
class SandboxedIT {
  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String HANDLER = "runsc";
  private static final String ON_TERM = "trap 'exit 9' TERM; while true; do sleep 0.1; done";

  @TempDir private Path dir = Path.of("");

  private String settings = "";

  @BeforeEach
  void handler() throws IOException, InterruptedException {
    Path program = dir.resolve(HANDLER);
    try (InputStream in = SandboxedIT.class.getResourceAsStream("/like-runsc.sh")) {
      var text = new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
      Files.writeString(program, text.replace("@RUNTIME@", "/usr/bin/" + CriolloNode.runtime()));
    }
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path file = dir.resolve("criollo.conf");
    Files.writeString(
        file, "[crio.runtime.runtimes." + HANDLER + "]\nruntime_path = \"" + program + "\"\n");
    settings = "--config=" + file;
    criollo.restart(settings);
  }

  private static Pod pod(String name) throws IOException {
    return criollo.handledBy(HANDLER, criollo.config(name).build());
  }

  private static String busybox(Pod pod, String name, String... command) {
    return pod.createAndStart(Pod.container(name, TestImages.BUSYBOX, command));
  }

  @Test
  void theContainersOfAPodEndEachInItsOwnWay() throws Exception {
    Pod pod = pod("several");
    String asked = busybox(pod, "asked", "sh", "-c", ON_TERM);
    String killed = busybox(pod, "killed", "sleep", "1000");
    String ends = busybox(pod, "ends", "sh", "-c", "echo written; exit 7");

    assertThat(pod.awaitExit(ends).getExitCode()).isEqualTo(7);
    assertThat(pod.log("ends")).singleElement().asString().endsWith("written");
    assertThat(pod.output(asked, "echo", "inside")).isEqualTo("inside");
    pod.stop(asked, Duration.ofSeconds(20));
    assertThat(pod.status(asked).getExitCode()).isEqualTo(9);
    pod.stop(killed, Duration.ZERO);
    assertThat(pod.status(killed).getExitCode()).isEqualTo(137);
    assertThat(pod.status().getState()).isEqualTo(PodSandboxState.SANDBOX_READY);
    pod.remove();
  }

  @Test
  void aCommandThatIsLateIsKilledInsideWithAllThatItStarted() throws Exception {
    Pod pod = pod("late");
    String id = busybox(pod, "a", "sleep", "1000");

    Statuses.assertRefused(
        Code.DEADLINE_EXCEEDED,
        () -> pod.exec(id, Duration.ofSeconds(4), "sh", "-c", "sleep 333 & sleep 334"));

    assertThat(pod.output(id, "ps")).doesNotContain("sleep 33");
    assertThat(pod.exec(id, Duration.ofSeconds(60), "sh", "-c", "exit 4").getExitCode())
        .isEqualTo(4);
  }

  @Test
  void anotherDefaultHandlerChangesNothingForThePodsThatAreThere() throws Exception {
    Pod ordinary = criollo.pod("ordinary");
    String container = busybox(ordinary, "a", "sleep", "1000");

    criollo.restart(settings, "--default-runtime=" + HANDLER);
    assertThat(ordinary.status().getState()).isEqualTo(PodSandboxState.SANDBOX_READY);
    assertThat(ordinary.output(container, "echo", "there")).isEqualTo("there");
    Pod apart = criollo.pod("apart");
    String inside = busybox(apart, "a", "sleep", "1000");

    criollo.restart(settings);
    assertThat(apart.status().getState()).isEqualTo(PodSandboxState.SANDBOX_READY);
    assertThat(apart.output(inside, "echo", "there")).isEqualTo("there");
    apart.remove();
    ordinary.remove();
  }

  @Test
  void terminalsAreThoseOfContainersAndExecs() throws Exception {
    Pod pod = pod("terminal");
    var config = Pod.container("a", TestImages.BUSYBOX, "sh", "-c", "tty; sleep 1000");
    String id = pod.createAndStart(config.setTty(true));

    Patience.await(
        "the container writes to its terminal",
        PATIENCE,
        () -> pod.log("a").stream().anyMatch(line -> line.contains("/dev/")));
    var terminal = criollo.client().execUrl(id, true, "tty");
    try (var client = ChannelClient.connect(terminal, "v5.channel.k8s.io")) {
      client.awaitEnd();
      assertThat(client.text(ChannelClient.STDOUT)).contains("/dev/pts/");
    }
  }

  @Test
  void whatEndsWhileNobodyLooksIsToldByTheNextMonitor() throws Exception {
    Pod pod = pod("unseen");
    String id = busybox(pod, "a", "sh", "-c", "sleep 2; exit 5");

    criollo.daemon().kill();
    criollo.node().monitor().ifPresent(ProcessHandle::destroyForcibly);
    Thread.sleep(Duration.ofSeconds(4)); // it ends in between
    handler();

    assertThat(pod.awaitExit(id).getExitCode()).isEqualTo(5);
    assertThat(pod.status().getState()).isEqualTo(PodSandboxState.SANDBOX_READY);
  }

  @Test
  void withTheSandboxItsContainersEnd() throws Exception {
    Pod pod = pod("gone");
    String id = busybox(pod, "a", "sleep", "1000");

    var cgroup = pod.config().getLinux().getCgroupParent().substring(1) + "/criollo-" + pod.id();
    Files.writeString(Path.of("/sys/fs/cgroup", cgroup, "cgroup.kill"), "1");

    assertThat(pod.awaitExit(id).getExitCode()).isEqualTo(255);
    assertThat(pod.status(id).getMessage()).contains("its sandbox is gone");
    Patience.await(
        "the pod is not ready",
        PATIENCE,
        () -> pod.status().getState() == PodSandboxState.SANDBOX_NOTREADY);
    pod.remove();
  }

  @Test
  void nothingOfTheNodePassesForTheContainers() throws Exception {
    Pod pod = pod("apart");
    String id = busybox(pod, "a", "sleep", "1000");

    var verbose = ContainerStatusRequest.newBuilder().setContainerId(id).setVerbose(true);
    Map<String, String> info =
        criollo.client().runtime().containerStatus(verbose.build()).getInfoMap();
    assertThat(info.get("info")).contains("\"pid\":0,");
    var request = PodSandboxStatsRequest.newBuilder().setPodSandboxId(pod.id()).build();
    var network =
        criollo.client().runtime().podSandboxStats(request).getStats().getLinux().getNetwork();
    assertThat(network.getDefaultInterface().getName()).isEqualTo("eth0");
    assertThat(network.getInterfacesList()).noneMatch(one -> one.getName().equals("uplink0"));
    var target = Pod.container("b", TestImages.BUSYBOX, "sleep", "1000");
    target
        .getLinuxBuilder()
        .getSecurityContextBuilder()
        .getNamespaceOptionsBuilder()
        .setPid(NamespaceMode.TARGET)
        .setTargetId(id);
    Statuses.assertRefused(
        Code.FAILED_PRECONDITION, () -> pod.create(target), "TARGET", "in a sandbox");
    var limits = UpdateContainerResourcesRequest.newBuilder().setContainerId(id);
    limits.getLinuxBuilder().setCpuQuota(20_000);
    Statuses.assertRefused(
        Code.FAILED_PRECONDITION,
        () -> criollo.client().runtime().updateContainerResources(limits.build()),
        "only the pod's limits",
        HANDLER);
  }
}
