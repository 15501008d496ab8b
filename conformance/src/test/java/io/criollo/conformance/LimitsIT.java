// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.LinuxContainerConfig;
import io.criollo.cri.v1.LinuxContainerResources;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LimitsIT {
  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  private static String start(Pod pod, LinuxContainerResources.Builder limits, String... command) {
    return pod.createAndStart(
        Pod.container("a", TestImages.BUSYBOX, command)
            .setLinux(LinuxContainerConfig.newBuilder().setResources(limits)));
  }

  private static LinuxContainerResources.Builder little() {
    return LinuxContainerResources.newBuilder()
        .setMemoryLimitInBytes(16L << 20)
        .setMemorySwapLimitInBytes(16L << 20);
  }

  private static String cgroup(Pod pod, String id, String file) {
    return pod.output(id, "cat", "/sys/fs/cgroup/" + file);
  }

  @Test
  void limitsAreReadBackInsideTheContainer() throws IOException {
    Pod pod = criollo.pod("limits");
    var limits =
        LinuxContainerResources.newBuilder()
            .setMemoryLimitInBytes(96L << 20)
            .setCpuPeriod(100_000)
            .setCpuQuota(30_000)
            .setCpuShares(512)
            .setCpusetCpus("0")
            .setOomScoreAdj(321)
            .putUnified("pids.max", "40");
    String id = start(pod, limits, "sleep", "1000");

    assertThat(cgroup(pod, id, "memory.max")).isEqualTo("" + (96L << 20));
    assertThat(cgroup(pod, id, "cpu.max")).isEqualTo("30000 100000");
    assertThat(Integer.parseInt(cgroup(pod, id, "cpu.weight"))).isBetween(2, 99);
    assertThat(cgroup(pod, id, "cpuset.cpus.effective")).isEqualTo("0");
    assertThat(cgroup(pod, id, "pids.max")).isEqualTo("40");
    assertThat(pod.output(id, "cat", "/proc/1/oom_score_adj")).isEqualTo("321");
    var told = pod.status(id).getResources().getLinux();
    assertThat(told.getMemoryLimitInBytes()).isEqualTo(96L << 20);
    assertThat(told.getCpuQuota()).isEqualTo(30_000);
  }

  @Test
  void swapIsWhatIsAskedForBeyondMemory() throws IOException {
    Pod pod = criollo.pod("swap");
    var limits =
        LinuxContainerResources.newBuilder()
            .setMemoryLimitInBytes(96L << 20)
            .setMemorySwapLimitInBytes(128L << 20);
    assertThat(cgroup(pod, start(pod, limits, "sleep", "1000"), "memory.swap.max"))
        .isEqualTo("" + (32L << 20));
  }

  @Test
  void aContainerWithoutLimitsHasNone() throws IOException {
    Pod pod = criollo.pod("unlimited");
    String id = start(pod, LinuxContainerResources.newBuilder(), "sleep", "1000");

    assertThat(cgroup(pod, id, "memory.max")).isEqualTo("max");
    assertThat(cgroup(pod, id, "cpu.max")).startsWith("max ");
  }

  @Test
  void aContainerThatTakesTooMuchMemoryIsOomKilled() throws Exception {
    Pod pod = criollo.pod("oom");
    String id = start(pod, little(), "dd", "if=/dev/zero", "of=/dev/null", "bs=64M");

    var status = pod.awaitExit(id);

    assertThat(status.getExitCode()).isEqualTo(137);
    assertThat(status.getReason()).isEqualTo("OOMKilled");
  }

  @Test
  void aContainerWhoseChildTookTooMuchMemoryIsOomKilledThoughItEndedByItself() throws Exception {
    Pod pod = criollo.pod("oom-child");
    String id = start(pod, little(), "sh", "-c", "dd if=/dev/zero of=/dev/null bs=64M; exit 3");

    var status = pod.awaitExit(id);

    assertThat(status.getExitCode()).isEqualTo(3);
    assertThat(status.getReason()).isEqualTo("OOMKilled");
  }

  /// Unlike some threads of those that start them.
  @Test
  void programsHaveTheUsualPriority() throws IOException {
    Pod pod = criollo.pod("priority");
    String id = start(pod, little(), "sleep", "1000");

    String processes = pod.output(id, "sh", "-c", "cat /proc/[0-9]*/stat");
    assertThat(processes.lines().map(line -> line.split(" ", -1)[18])) // nice
        .hasSizeGreaterThan(1)
        .containsOnly("0");
  }
}
