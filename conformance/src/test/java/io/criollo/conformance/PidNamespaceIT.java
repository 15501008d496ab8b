// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.ContainerConfig;
import io.criollo.cri.v1.ContainerState;
import io.criollo.cri.v1.NamespaceMode;
import io.criollo.cri.v1.PodSandboxState;
import io.grpc.Status.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PidNamespaceIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  @Test
  void containersOfAPodShareItsPidNamespace() throws Exception {
    Pod pod = pod("shared-pid", NamespaceMode.POD);
    String a = pod.createAndStart(sleeper("a"));
    String b = pod.createAndStart(sleeper("b"));

    assertThat(pidNamespace(pod, a)).isEqualTo(pidNamespace(pod, b));
    assertThat(pod.output(a, "cat", "/proc/1/cmdline")).startsWith("/init");
    assertThat(pod.output(a, "ps", "-o", "args")).contains("sleep 1001", "sleep 1002");
    for (String kind : List.of("net", "ipc", "uts")) {
      assertThat(hostNamespace(init(pod), kind)).isEqualTo(hostNamespace(process(pod, a), kind));
    }
  }

  @Test
  void theInitIsInThePodsCgroupAndReapsOrphans() throws Exception {
    Pod pod = pod("reaper", NamespaceMode.POD);
    String a = pod.createAndStart(sleeper("a"));
    String init = init(pod);

    assertThat(Files.readString(Path.of("/proc", init, "cgroup")))
        .contains(pod.config().getLinux().getCgroupParent() + "/");
    assertThat(Files.readString(Path.of("/proc", init, "oom_score_adj"))).startsWith("-998");
    pod.output(a, "sh", "-c", "(sh -c 'sleep 0.1 & :' &)");
    Patience.await(
        "the orphan is reaped",
        PATIENCE,
        () -> !pod.output(a, "ps", "-o", "args").contains("sleep 0.1") && zombies().isEmpty());
  }

  @Test
  void anEndedContainerLeavesNoProcessInTheSharedNamespace() throws Exception {
    Pod pod = pod("rest", NamespaceMode.POD);
    String a = pod.createAndStart(sleeper("a"));
    String b =
        pod.createAndStart(
            Pod.container("b", TestImages.BUSYBOX, "sh", "-c", "setsid sleep 1003 & exit 4"));

    assertThat(pod.awaitExit(b).getExitCode()).isEqualTo(4);
    Patience.await(
        "its child ends too",
        PATIENCE,
        () -> !pod.output(a, "ps", "-o", "args").contains("sleep 1003"));
  }

  @Test
  void theSharedNamespaceSurvivesTheDaemonAndEndsWithThePod() throws Exception {
    Pod pod = pod("survivor-pid", NamespaceMode.POD);
    String a = pod.createAndStart(sleeper("a"));
    String init = init(pod);

    criollo.daemon().kill();
    criollo.startAgain();

    assertThat(pod.status().getState()).isEqualTo(PodSandboxState.SANDBOX_READY);
    assertThat(init(pod)).isEqualTo(init);
    String b = pod.createAndStart(sleeper("b"));
    assertThat(pidNamespace(pod, b)).isEqualTo(pidNamespace(pod, a));
    pod.stop();
    assertThat(Path.of("/proc", init)).doesNotExist();
    assertThat(zombies()).isEmpty();
  }

  @Test
  void aPodWhoseInitHasEndedIsNotReady() throws Exception {
    Pod pod = pod("headless", NamespaceMode.POD);
    String a = pod.createAndStart(sleeper("a"));

    kill(init(pod));

    assertThat(pod.awaitExit(a).getExitCode()).isEqualTo(137);
    Patience.await(
        "the pod is not ready",
        PATIENCE,
        () -> pod.status().getState() == PodSandboxState.SANDBOX_NOTREADY);
    Statuses.assertRefused(Code.FAILED_PRECONDITION, () -> pod.create(sleeper("b")), "not ready");
    pod.remove();
  }

  @Test
  void anInitThatEndsWhileTheDaemonIsAwayIsNoticed() throws Exception {
    Pod pod = pod("headless-alone", NamespaceMode.POD);
    String a = pod.createAndStart(sleeper("a"));
    String init = init(pod);

    criollo.daemon().kill();
    kill(init);
    Patience.await("init has ended", PATIENCE, () -> !Files.exists(Path.of("/proc", init)));
    criollo.startAgain();

    assertThat(pod.status().getState()).isEqualTo(PodSandboxState.SANDBOX_NOTREADY);
    Patience.await(
        "the container has ended",
        PATIENCE,
        () -> pod.status(a).getState() == ContainerState.CONTAINER_EXITED);
    pod.remove();
  }

  @Test
  void aContainerCanJoinTheNamespaceOfAnother() throws Exception {
    Pod pod = pod("target", NamespaceMode.CONTAINER);
    String a = pod.createAndStart(sleeper("a"));
    String b = pod.createAndStart(sleeper("b"));
    String joined = pod.createAndStart(debugger("debug", a));

    assertThat(pidNamespace(pod, a)).isNotEqualTo(pidNamespace(pod, b));
    assertThat(pidNamespace(pod, joined)).isEqualTo(pidNamespace(pod, a));
    assertThat(pod.output(joined, "cat", "/proc/1/cmdline")).startsWith("sleep");
    pod.stop(joined, Duration.ZERO);
    assertThat(pod.status(a).getState()).isEqualTo(ContainerState.CONTAINER_RUNNING);
  }

  @Test
  void aContainerThatEndedIsNotJoinedAtTheStart() throws Exception {
    Pod pod = pod("target-gone", NamespaceMode.CONTAINER);
    String a = pod.createAndStart(sleeper("a"));
    String late = pod.create(debugger("late", a));
    pod.stop(a, Duration.ZERO);

    Statuses.assertRefused(Code.FAILED_PRECONDITION, () -> pod.start(late), "target_id " + a);
    assertThat(pod.status(late).getState()).isEqualTo(ContainerState.CONTAINER_CREATED);
  }

  private static ContainerConfig.Builder debugger(String name, String target) {
    var debug = sleeper(name);
    debug
        .getLinuxBuilder()
        .getSecurityContextBuilder()
        .getNamespaceOptionsBuilder()
        .setPid(NamespaceMode.TARGET)
        .setTargetId(target);
    return debug;
  }

  @Test
  void aPodCanHaveTheNodesPidNamespace() throws Exception {
    Pod pod = pod("node-pid", NamespaceMode.NODE);
    String a = pod.createAndStart(sleeper("a"));

    assertThat(pidNamespace(pod, a))
        .isEqualTo(Files.readSymbolicLink(Path.of("/proc/1/ns/pid")).toString());
    pod.output(a, "sh", "-c", "setsid sleep 1004 &");
    pod.stop(a, Duration.ZERO);
    assertThat(ProcessHandle.allProcesses().map(TestNode::commandLine))
        .noneMatch(line -> line.startsWith("sleep 1004"));
  }

  private static Pod pod(String name, NamespaceMode pid) throws IOException {
    var config = criollo.config(name);
    config.getLinuxBuilder().setSecurityContext(Pod.pid(pid));
    return criollo.run(config.build());
  }

  private static ContainerConfig.Builder sleeper(String name) {
    return Pod.container(name, TestImages.BUSYBOX, "sleep", name.equals("b") ? "1002" : "1001");
  }

  private static String pidNamespace(Pod pod, String container) {
    return pod.output(container, "readlink", "/proc/self/ns/pid");
  }

  /// The process as the node sees it that is process 1 of the pod.
  private static String init(Pod pod) throws IOException {
    String parent = pod.config().getLinux().getCgroupParent();
    return Files.readString(
            Path.of("/sys/fs/cgroup" + parent, "criollo-" + pod.id(), "cgroup.procs"))
        .strip();
  }

  private static String process(Pod pod, String container) throws IOException {
    String parent = pod.config().getLinux().getCgroupParent();
    return Files.readAllLines(
            Path.of("/sys/fs/cgroup" + parent, "criollo-" + container, "cgroup.procs"))
        .getFirst();
  }

  private static String hostNamespace(String pid, String kind) throws IOException {
    return Files.readSymbolicLink(Path.of("/proc", pid, "ns", kind)).toString();
  }

  private static void kill(String pid) {
    assertThat(ProcessHandle.of(Long.parseLong(pid)).orElseThrow().destroyForcibly()).isTrue();
  }

  private static List<String> zombies() throws IOException {
    try (var files = Files.list(Path.of("/proc"))) {
      return files
          .filter(path -> path.getFileName().toString().matches("\\d+"))
          .map(PidNamespaceIT::status)
          .filter(status -> status.contains("State:\tZ"))
          .toList();
    }
  }

  private static String status(Path process) {
    try {
      return Files.readString(process.resolve("status"));
    } catch (IOException gone) {
      return "";
    }
  }
}
