// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.cri.v1.LinuxContainerResources;
import io.criollo.runtime.state.Refusal;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ResourceUpdateTest {
  private static final long MIB = 1 << 20;
  private static final LinuxContainerResources BEFORE =
      LinuxContainerResources.newBuilder()
          .setCpuShares(512)
          .setCpuQuota(50_000)
          .setCpuPeriod(200_000)
          .setMemoryLimitInBytes(64 * MIB)
          .setMemorySwapLimitInBytes(80 * MIB)
          .setOomScoreAdj(100)
          .putUnified("pids.max", "9")
          .build();

  @Test
  void whatIsNotAskedForStaysAndIsNotWritten() {
    var update = of(r -> r.setCpuShares(1024));
    assertThat(update.files()).containsExactly(Map.entry("cpu.weight", "100"));
    assertThat(update.after()).isEqualTo(BEFORE.toBuilder().setCpuShares(1024).build());
    assertThat(of(_ -> {}).files()).isEmpty();
    assertThat(of(_ -> {}).after()).isEqualTo(BEFORE);
  }

  @Test
  void quotaAndPeriodAreOneFile() {
    assertThat(of(r -> r.setCpuQuota(100_000)).files())
        .containsExactly(Map.entry("cpu.max", "100000 200000"));
    assertThat(of(r -> r.setCpuPeriod(100_000)).files())
        .containsExactly(Map.entry("cpu.max", "50000 100000"));
    assertThat(of(r -> r.setCpuQuota(-1)).files())
        .containsExactly(Map.entry("cpu.max", "max 200000"));
  }

  @Test
  void moreMemoryKeepsTheSwapOnTopOfIt() {
    var update = of(r -> r.setMemoryLimitInBytes(100 * MIB));
    assertThat(update.files())
        .containsOnly(
            Map.entry("memory.max", "" + 100 * MIB), Map.entry("memory.swap.max", "" + 16 * MIB));
    assertThat(update.after().getMemorySwapLimitInBytes()).isEqualTo(116 * MIB);
    var unlimited = of(r -> r.setMemoryLimitInBytes(-1));
    assertThat(unlimited.files())
        .containsOnly(Map.entry("memory.max", "max"), Map.entry("memory.swap.max", "max"));
  }

  @Test
  void swapThatWasNeverGivenStaysForbidden() {
    var before = LinuxContainerResources.newBuilder().setMemoryLimitInBytes(64 * MIB).build();
    var wish = LinuxContainerResources.newBuilder().setMemoryLimitInBytes(65 * MIB).build();
    assertThat(ResourceUpdate.of(before, wish, Inputs.node()).files())
        .containsOnly(Map.entry("memory.max", "" + 65 * MIB), Map.entry("memory.swap.max", "0"));
    assertThat(ResourceUpdate.of(before, wish, Inputs.node(Set.of())).files())
        .containsOnly(Map.entry("memory.max", "" + 65 * MIB));
  }

  @Test
  void listsAndFilesAreMergedByName() {
    var update =
        of(r -> {
          r.setCpusetCpus("1").setCpusetMems("0").putUnified("memory.high", "1000");
          r.addHugepageLimitsBuilder().setPageSize("2MB").setLimit(4 * MIB);
        });
    assertThat(update.files())
        .containsOnly(
            Map.entry("cpuset.cpus", "1"),
            Map.entry("cpuset.mems", "0"),
            Map.entry("memory.high", "1000"),
            Map.entry("hugetlb.2MB.max", "" + 4 * MIB),
            Map.entry("hugetlb.2MB.rsvd.max", "" + 4 * MIB));
    assertThat(update.after().getUnifiedMap()).containsOnlyKeys("pids.max", "memory.high");
    assertThat(update.oci().unified()).containsKeys("pids.max", "memory.high", "cpu.weight");
    var again =
        ResourceUpdate.of(
            update.after(),
            LinuxContainerResources.newBuilder()
                .addHugepageLimits(
                    io.criollo.cri.v1.HugepageLimit.newBuilder().setPageSize("2MB").setLimit(MIB))
                .build(),
            Inputs.node());
    assertThat(again.after().getHugepageLimitsList()).hasSize(1);
  }

  @Test
  void theScoreOfAProcessIsNotChangedLater() {
    assertThat(of(r -> r.setOomScoreAdj(500)).after()).isEqualTo(BEFORE);
    refused(r -> r.setOomScoreAdj(1001), "linux.oom_score_adj");
  }

  @Test
  void whatANewContainerWouldNotGetIsRefusedByTheNameOfTheField() {
    refused(r -> r.setCpuShares(Long.MAX_VALUE), "linux.cpu_shares");
    refused(r -> r.setCpuQuota(Long.MIN_VALUE), "linux.cpu_quota");
    refused(r -> r.setMemoryLimitInBytes(1), "linux.memory_limit_in_bytes");
    refused(r -> r.setMemorySwapLimitInBytes(MIB), "linux.memory_swap_limit_in_bytes");
    refused(r -> r.putUnified("cgroup.kill", "1"), "linux.unified");
    refused(r -> r.setCpusetCpus("x"), "linux.cpuset_cpus");
    assertThat(of(r -> r.setMemoryLimitInBytes(Long.MAX_VALUE)).after().getMemorySwapLimitInBytes())
        .isEqualTo(-1);
  }

  private static void refused(Consumer<LinuxContainerResources.Builder> change, String text) {
    assertThatThrownBy(() -> of(change))
        .isInstanceOf(Refusal.InvalidArgument.class)
        .hasMessageStartingWith(text);
  }

  private static ResourceUpdate of(Consumer<LinuxContainerResources.Builder> change) {
    var wish = LinuxContainerResources.newBuilder();
    change.accept(wish);
    return ResourceUpdate.of(BEFORE, wish.build(), Inputs.node());
  }
}
