// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.CgroupDriver;
import io.criollo.cri.v1.ContainerState;
import io.criollo.cri.v1.LinuxContainerConfig;
import io.criollo.cri.v1.LinuxContainerResources;
import io.criollo.cri.v1.NamespaceMode;
import io.criollo.cri.v1.PodSandboxConfig;
import io.criollo.cri.v1.RunPodSandboxRequest;
import io.criollo.cri.v1.RuntimeConfigRequest;
import io.criollo.cri.v1.UpdateContainerResourcesRequest;
import io.criollo.cri.v1.UpdatePodSandboxResourcesRequest;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// On a node whose init is systemd, which owns the cgroups.
class SystemdIT {
  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();
  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
  private static final long MIB = 1 << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static PodSandboxConfig.Builder config(String name, String parent) throws IOException {
    var config = criollo.config(name);
    config.getLinuxBuilder().setCgroupParent(parent);
    return config;
  }

  private static String run(Pod pod, LinuxContainerResources.Builder limits) {
    return pod.createAndStart(
        Pod.container("a", TestImages.BUSYBOX, "sleep", "1000")
            .setLinux(LinuxContainerConfig.newBuilder().setResources(limits)));
  }

  private static Path slice(Pod pod) {
    return CGROUPS.resolve("criollo.slice/criollo-" + pod.id() + ".slice");
  }

  private static String property(String unit, String name) throws Exception {
    return systemctl("show", "--value", "-p", name, unit);
  }

  private static String systemctl(String... arguments) throws Exception {
    var argv = Stream.concat(Stream.of("systemctl"), Stream.of(arguments)).toArray(String[]::new);
    return Command.run(argv).strip();
  }

  @Test
  void theKubeletIsToldTheDriver() {
    var told = criollo.client().runtime().runtimeConfig(RuntimeConfigRequest.getDefaultInstance());
    assertThat(told.getLinux().getCgroupDriver()).isEqualTo(CgroupDriver.SYSTEMD);
  }

  @Test
  void aPodIsASliceAndAContainerAScopeInIt() throws Exception {
    var config = config("slices", "");
    config
        .getLinuxBuilder()
        .setResources(LinuxContainerResources.newBuilder().setMemoryLimitInBytes(256 * MIB));
    Pod pod = criollo.run(config.build());
    String id = run(pod, LinuxContainerResources.newBuilder().setMemoryLimitInBytes(64 * MIB));

    Path scope = slice(pod).resolve("criollo-" + id + ".scope");
    assertThat(scope.resolve("cgroup.procs")).content().isNotBlank();
    assertThat(scope.resolve("memory.max")).hasContent("" + 64 * MIB);
    assertThat(slice(pod).resolve("memory.max")).hasContent("" + 256 * MIB);
    String unit = "criollo-" + id + ".scope";
    assertThat(property(unit, "Slice")).isEqualTo("criollo-" + pod.id() + ".slice");
    assertThat(property(unit, "ActiveState")).isEqualTo("active");
    assertThat(property(unit, "MemoryMax")).isEqualTo("" + 64 * MIB);
    assertThat(pod.output(id, "cat", "/sys/fs/cgroup/memory.max")).isEqualTo("" + 64 * MIB);
  }

  @Test
  void changedLimitsStayWhenSystemdIsReloaded() throws Exception {
    Pod pod = criollo.run(config("reload", "").build());
    String id = run(pod, LinuxContainerResources.newBuilder().setMemoryLimitInBytes(64 * MIB));
    var limits =
        LinuxContainerResources.newBuilder()
            .setMemoryLimitInBytes(80 * MIB)
            .setCpuQuota(20_000)
            .setCpuPeriod(50_000)
            .setCpusetCpus("0");
    criollo
        .client()
        .runtime()
        .updateContainerResources(
            UpdateContainerResourcesRequest.newBuilder()
                .setContainerId(id)
                .setLinux(limits)
                .build());
    criollo
        .client()
        .runtime()
        .updatePodSandboxResources(
            UpdatePodSandboxResourcesRequest.newBuilder()
                .setPodSandboxId(pod.id())
                .setResources(LinuxContainerResources.newBuilder().setMemoryLimitInBytes(128 * MIB))
                .build());

    String unit = "criollo-" + id + ".scope";
    assertThat(property(unit, "MemoryMax")).isEqualTo("" + 80 * MIB);
    assertThat(property(unit, "CPUQuotaPerSecUSec")).isEqualTo("400ms");

    systemctl("daemon-reload");

    Path scope = slice(pod).resolve("criollo-" + id + ".scope");
    assertThat(scope.resolve("memory.max")).hasContent("" + 80 * MIB);
    assertThat(scope.resolve("cpu.max")).hasContent("20000 50000");
    assertThat(scope.resolve("cpuset.cpus")).hasContent("0");
    assertThat(slice(pod).resolve("memory.max")).hasContent("" + 128 * MIB);
  }

  @Test
  void theKubeletsSliceIsFoundByItsName() throws Exception {
    String name = "kubepods-burstable-podb7_1.slice";
    String path = "/kubepods.slice/kubepods-burstable.slice/" + name;
    for (String parent : List.of(path, name)) {
      Pod pod = criollo.run(config("parent", parent).build());
      String id = run(pod, LinuxContainerResources.newBuilder());
      Path folder = CGROUPS.resolve(path.substring(1));
      assertThat(folder.resolve("criollo-" + id + ".scope/cgroup.procs")).content().isNotBlank();
      assertThat(property("criollo-" + id + ".scope", "Slice")).isEqualTo(name);
      pod.remove();
      assertThat(folder).as("made with the pod").doesNotExist();
    }
  }

  @Test
  void theLastPodOfASliceStopsIt() throws Exception {
    for (var names :
        List.of(List.of("made.slice", "made.slice"), List.of("made-1.slice", "made-2.slice"))) {
      Pod first = criollo.run(config("first", names.getFirst()).build());
      Pod second = criollo.run(config("second", names.getLast()).build());
      run(first, LinuxContainerResources.newBuilder());
      String id = run(second, LinuxContainerResources.newBuilder());

      first.remove();
      assertThat(second.status(id).getState()).isEqualTo(ContainerState.CONTAINER_RUNNING);
      second.remove();
      assertThat(CGROUPS.resolve("made.slice")).doesNotExist();
    }
  }

  @Test
  void aParentOfTheOtherDriverIsRefused() throws Exception {
    var config = config("wrong", "/kubepods/pod1").build();
    Statuses.assertRefused(
        Status.Code.INVALID_ARGUMENT,
        () ->
            criollo
                .client()
                .runtime()
                .runPodSandbox(RunPodSandboxRequest.newBuilder().setConfig(config).build()),
        "config.linux.cgroup_parent",
        "/kubepods/pod1");
  }

  @Test
  void aPodWithAnInitOutlivesItsDaemonAndLeavesNothing() throws Exception {
    var config = config("init", "");
    config.getLinuxBuilder().setSecurityContext(Pod.pid(NamespaceMode.POD));
    Pod pod = criollo.run(config.build());
    String id = run(pod, LinuxContainerResources.newBuilder());
    String init = "criollo-" + pod.id() + ".scope";
    assertThat(slice(pod).resolve(init + "/cgroup.procs")).content().isNotBlank();
    assertThat(property(init, "Slice")).isEqualTo("criollo-" + pod.id() + ".slice");

    criollo.daemon().kill();
    criollo.startAgain();

    assertThat(pod.status(id).getState()).isEqualTo(ContainerState.CONTAINER_RUNNING);
    pod.stop(id, Duration.ofSeconds(1));
    assertThat(pod.status(id).getState()).isEqualTo(ContainerState.CONTAINER_EXITED);
    pod.remove();
    assertThat(Files.exists(CGROUPS.resolve("criollo.slice"))).isFalse();
  }

  @Test
  void aPodOfTheOtherDriverCanBeRemoved() throws Exception {
    criollo.restart("--cgroup-manager=cgroupfs");
    var config = config("other-driver", "");
    config.getLinuxBuilder().setSecurityContext(Pod.pid(NamespaceMode.POD));
    Pod pod = criollo.run(config.build());
    String id = run(pod, LinuxContainerResources.newBuilder());
    Path folder = CGROUPS.resolve("criollo").resolve(pod.id());
    assertThat(folder.resolve("criollo-" + pod.id() + "/cgroup.procs")).content().isNotBlank();
    assertThat(folder.resolve("criollo-" + id + "/cgroup.procs")).content().isNotBlank();

    criollo.restart();

    pod.stop();
    pod.remove();
    assertThat(folder).doesNotExist();
    Files.deleteIfExists(CGROUPS.resolve("criollo"));
  }

  @Test
  void theServiceIsRestartedUnderItsContainers() throws Exception {
    Path service = Path.of("/run/systemd/system/criollo.service");
    try (var node = TestNode.prepare()) {
      var command = node.command(CriolloNode.runtime());
      var shipped = Path.of(command.getFirst()).resolve("../../lib/systemd/criollo.service");
      var unit = Files.readString(shipped.normalize());
      Files.writeString(
          service,
          unit.replaceFirst("(?m)^ExecStart=.*$", "ExecStart=" + String.join(" ", command)));
      systemctl("daemon-reload");
      systemctl("start", "criollo"); // returns when the daemon says that it serves
      try (var client = CriClient.connect(node.socket())) {
        client.pull(TestImages.BUSYBOX);
        var config = Pod.config("service", node.logs());
        config.getLinuxBuilder().setCgroupParent("");
        Pod pod = Pod.run(() -> client, config.build());
        String id = run(pod, LinuxContainerResources.newBuilder());
        long startedAt = pod.status(id).getStartedAt();

        systemctl("restart", "criollo");

        assertThat(pod.status(id).getState()).isEqualTo(ContainerState.CONTAINER_RUNNING);
        assertThat(pod.status(id).getStartedAt()).isEqualTo(startedAt);
        assertThat(pod.output(id, "echo", "there")).isEqualTo("there");
        pod.remove();
      }
      systemctl("stop", "criollo");
    } finally {
      Files.delete(service);
    }
    systemctl("daemon-reload");
    Patience.await(
        "the service's cgroup goes",
        PATIENCE,
        () -> !Files.exists(CGROUPS.resolve("system.slice/criollo.service")));
  }

  @Test
  void memoryThatRanOutIsToldThoughTheScopeWentBeforeTheMonitorLooked() throws Exception {
    Pod pod = criollo.run(config("oom", "").build());
    var limits =
        LinuxContainerResources.newBuilder()
            .setMemoryLimitInBytes(16 * MIB)
            .setMemorySwapLimitInBytes(16 * MIB);
    String script =
        "until [ -e /dev/shm/go ]; do usleep 10000; done; exec dd if=/dev/zero of=/dev/null bs=64M";
    String id =
        pod.createAndStart(
            Pod.container("a", TestImages.BUSYBOX, "sh", "-c", script)
                .setLinux(LinuxContainerConfig.newBuilder().setResources(limits)));
    Path scope = slice(pod).resolve("criollo-" + id + ".scope");
    String process = Files.readAllLines(scope.resolve("cgroup.procs")).getFirst();
    String monitor = "" + criollo.node().monitor().orElseThrow().pid();

    signal("STOP", monitor);
    try {
      Files.createFile(Path.of("/proc", process, "root/dev/shm/go"));
      Patience.await("systemd takes the scope away", PATIENCE, () -> !Files.exists(scope));
    } finally {
      signal("CONT", monitor);
    }

    assertThat(pod.awaitExit(id).getReason()).isEqualTo("OOMKilled");
  }

  private static void signal(String name, String pid) throws Exception {
    Command.run("kill", "-" + name, pid);
  }
}
