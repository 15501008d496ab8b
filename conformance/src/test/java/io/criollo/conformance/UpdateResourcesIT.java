// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.LinuxContainerConfig;
import io.criollo.cri.v1.LinuxContainerResources;
import io.criollo.cri.v1.UpdateContainerResourcesRequest;
import io.criollo.cri.v1.UpdatePodSandboxResourcesRequest;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class UpdateResourcesIT {
  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  private static final long MIB = 1 << 20;

  private static LinuxContainerResources.Builder limits() {
    return LinuxContainerResources.newBuilder();
  }

  private static String create(Pod pod, LinuxContainerResources.Builder limits) {
    return pod.create(
        Pod.container("a", TestImages.BUSYBOX, "sleep", "1000")
            .setLinux(LinuxContainerConfig.newBuilder().setResources(limits)));
  }

  private static void update(String id, LinuxContainerResources.Builder limits) {
    criollo
        .client()
        .runtime()
        .updateContainerResources(
            UpdateContainerResourcesRequest.newBuilder()
                .setContainerId(id)
                .setLinux(limits)
                .build());
  }

  private static String file(Pod pod, String id, String name) throws IOException {
    var parent = pod.config().getLinux().getCgroupParent().substring(1);
    var cgroup = Path.of("/sys/fs/cgroup", parent, "criollo-" + id);
    return Files.readString(cgroup.resolve(name)).strip();
  }

  private static LinuxContainerResources told(Pod pod, String id) {
    return pod.status(id).getResources().getLinux();
  }

  @Test
  void createdAndRunningContainersGetOtherLimits() throws IOException {
    Pod pod = criollo.pod("resize");
    String id = create(pod, limits().setMemoryLimitInBytes(64 * MIB).setCpuShares(512));

    update(id, limits().setMemoryLimitInBytes(80 * MIB));
    assertThat(told(pod, id).getMemoryLimitInBytes()).isEqualTo(80 * MIB);
    pod.start(id);
    assertThat(file(pod, id, "memory.max")).isEqualTo("" + 80 * MIB);
    assertThat(file(pod, id, "memory.swap.max")).isEqualTo("0");
    String weight = file(pod, id, "cpu.weight");
    update(id, limits().setCpuQuota(20_000).setCpuPeriod(50_000).setCpusetCpus("0"));
    update(id, limits().setCpuShares(1024).putUnified("pids.max", "33"));

    assertThat(file(pod, id, "cpu.max")).isEqualTo("20000 50000");
    assertThat(file(pod, id, "cpuset.cpus")).isEqualTo("0");
    assertThat(file(pod, id, "pids.max")).isEqualTo("33");
    assertThat(file(pod, id, "cpu.weight")).isEqualTo("100");
    var told = told(pod, id);
    assertThat(told.getMemoryLimitInBytes()).isEqualTo(80 * MIB);
    assertThat(told.getCpuQuota()).isEqualTo(20_000);
    assertThat(told.getCpuPeriod()).isEqualTo(50_000);
    assertThat(told.getCpuShares()).isEqualTo(1024);
    update(id, limits().setCpuShares(512));
    assertThat(file(pod, id, "cpu.weight")).isEqualTo(weight);
  }

  @Test
  void aRefusedValueChangesNothing() throws IOException {
    Pod pod = criollo.pod("refused");
    String id = create(pod, limits().setMemoryLimitInBytes(64 * MIB).setCpuQuota(50_000));
    pod.start(id);
    var before = told(pod, id);

    for (var wish :
        new LinuxContainerResources.Builder[] {
          limits().setCpuQuota(20_000).setCpuShares(Long.MAX_VALUE),
          limits().setCpuQuota(20_000).setMemoryLimitInBytes(4),
          limits().setCpuQuota(20_000).putUnified("cgroup.freeze", "1"),
          limits().setCpuQuota(20_000).putUnified("memory.high", "a lot"),
          limits().setCpuQuota(20_000).putUnified("memory.nosuch", "1"),
          limits().setCpuQuota(20_000).putUnified("io.max", "4095:9 rbps=1000000"),
        }) {
      Statuses.assertRefused(Status.Code.INVALID_ARGUMENT, () -> update(id, wish));
      assertThat(file(pod, id, "cpu.max")).isEqualTo("50000 100000");
      assertThat(told(pod, id)).isEqualTo(before);
    }
  }

  @Test
  void aFileThatTheKernelLacksIsRefusedBeforeTheStartToo() throws IOException {
    Pod pod = criollo.pod("absent");
    String id = create(pod, limits().setCpuQuota(50_000));
    for (var wish :
        new LinuxContainerResources.Builder[] {
          limits().setCpuQuota(20_000).putUnified("memory.nosuch", "1"),
          limits().setCpuQuota(20_000).putUnified("io.max", "4095:9 rbps=1000000"),
        }) {
      Statuses.assertRefused(Status.Code.INVALID_ARGUMENT, () -> update(id, wish));
    }
    pod.start(id);
    assertThat(file(pod, id, "cpu.max")).isEqualTo("50000 100000");
  }

  @Test
  void limitsOfADiskAreSetChangedAndPutBack() throws IOException {
    Pod pod = criollo.pod("disk");
    String disk = anyDisk();
    String id = create(pod, limits().putUnified("io.max", disk + " rbps=1048576"));
    pod.start(id);
    String first = disk + " rbps=1048576 wbps=max riops=max wiops=max";
    assertThat(file(pod, id, "io.max")).isEqualTo(first);

    var wish = limits().putUnified("io.max", disk + " wiops=100").putUnified("memory.high", "all");
    Statuses.assertRefused(Status.Code.INVALID_ARGUMENT, () -> update(id, wish), "memory.high");
    assertThat(file(pod, id, "io.max")).isEqualTo(first);
    update(id, limits().putUnified("io.max", disk + " wiops=100"));
    assertThat(file(pod, id, "io.max"))
        .isEqualTo(disk + " rbps=1048576 wbps=max riops=max wiops=100");
  }

  /// {@return the numbers of a device}
  private static String anyDisk() throws IOException {
    try (var disks = Files.list(Path.of("/sys/block"))) {
      return Files.readString(disks.sorted().findFirst().orElseThrow().resolve("dev")).strip();
    }
  }

  @Test
  void memoryInUseIsNotTakenAway() throws IOException {
    Pod pod = criollo.pod("used");
    String id = create(pod, limits().setMemoryLimitInBytes(64 * MIB));
    pod.start(id);
    assertThat(pod.output(id, "sh", "-c", "head -c 8000000 /dev/zero >/dev/shm/x && echo ok"))
        .isEqualTo("ok");

    Statuses.assertRefused(
        Status.Code.FAILED_PRECONDITION,
        () -> update(id, limits().setMemoryLimitInBytes(2 * MIB)),
        "is below the");
    assertThat(file(pod, id, "memory.max")).isEqualTo("" + 64 * MIB);
  }

  @Test
  void otherLimitsSurviveARestartOfTheDaemon() throws Exception {
    Pod pod = criollo.pod("restart");
    String id = create(pod, limits().setMemoryLimitInBytes(64 * MIB));
    pod.start(id);
    update(id, limits().setMemoryLimitInBytes(72 * MIB).setCpuQuota(30_000));
    var before = told(pod, id);

    criollo.daemon().kill();
    criollo.startAgain();

    assertThat(told(pod, id)).isEqualTo(before);
    update(id, limits().setCpuPeriod(200_000));
    assertThat(file(pod, id, "cpu.max")).isEqualTo("30000 200000");
  }

  @Test
  void onlyALiveContainerHasLimits() throws IOException {
    Pod pod = criollo.pod("ended");
    String id = create(pod, limits());
    pod.stop(id, Duration.ZERO);

    Statuses.assertRefused(
        Status.Code.FAILED_PRECONDITION, () -> update(id, limits().setCpuShares(100)));
    Statuses.assertRefused(Status.Code.NOT_FOUND, () -> update("0123456789", limits()));
  }

  @Test
  void aPodInACgroupOfItsOwnIsLimitedAsAWhole() throws IOException {
    var config = criollo.config("whole");
    config
        .getLinuxBuilder()
        .setCgroupParent("")
        .setResources(limits().setMemoryLimitInBytes(64 * MIB).setCpuQuota(50_000))
        .setOverhead(limits().setMemoryLimitInBytes(16 * MIB));
    Pod pod = criollo.run(config.build());
    var cgroup = Path.of("/sys/fs/cgroup/criollo", pod.id());
    assertThat(cgroup.resolve("memory.max")).hasContent("" + 80 * MIB);

    updatePod(pod.id(), limits().setMemoryLimitInBytes(100 * MIB).setCpuQuota(70_000));

    assertThat(cgroup.resolve("memory.max")).hasContent("" + 116 * MIB);
    assertThat(cgroup.resolve("cpu.max")).hasContent("70000 100000");
    Statuses.assertRefused(Status.Code.NOT_FOUND, () -> updatePod("0123456789", limits()));
  }

  private static void updatePod(String id, LinuxContainerResources.Builder limits) {
    criollo
        .client()
        .runtime()
        .updatePodSandboxResources(
            UpdatePodSandboxResourcesRequest.newBuilder()
                .setPodSandboxId(id)
                .setResources(limits)
                .build());
  }
}
