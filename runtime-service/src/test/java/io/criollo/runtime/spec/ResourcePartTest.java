// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.cri.v1.LinuxContainerResources;
import io.criollo.runtime.spec.OciResources.Cpu;
import io.criollo.runtime.spec.OciResources.HugepageLimit;
import io.criollo.runtime.spec.OciResources.Memory;
import io.criollo.runtime.state.Refusal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ResourcePartTest {
  private static final long MIB = 1 << 20;

  @Test
  void nothingGivenIsNothingLimited() {
    assertThat(of(_ -> {}))
        .isEqualTo(new OciResources(List.of(), null, null, null, List.of(), Map.of()));
  }

  @Test
  void everyLimitGoesIn() {
    var resources =
        of(r ->
            r.setCpuShares(512)
                .setCpuQuota(50_000)
                .setCpuPeriod(100_000)
                .setCpusetCpus("0-1,3")
                .setCpusetMems("0")
                .setMemoryLimitInBytes(64 * MIB)
                .setMemorySwapLimitInBytes(128 * MIB)
                .putUnified("pids.max", "100")
                .addHugepageLimitsBuilder()
                .setPageSize("2MB")
                .setLimit(4 * MIB));
    assertThat(resources.cpu()).isEqualTo(new Cpu(512L, 50_000L, 100_000L, "0-1,3", "0"));
    assertThat(resources.memory()).isEqualTo(new Memory(64 * MIB, 128 * MIB));
    assertThat(resources.hugepageLimits()).containsExactly(new HugepageLimit("2MB", 4 * MIB));
    assertThat(resources.unified())
        .containsOnly(Map.entry("pids.max", "100"), Map.entry("cpu.weight", "59"));
  }

  @Test
  void sharesBecomeTheSameWeightWhateverTheRuntime() {
    assertThat(weight(2)).isEqualTo("1");
    assertThat(weight(1024)).isEqualTo("100");
    assertThat(weight(262_144)).isEqualTo("10000");
    var asked = of(r -> r.setCpuShares(1024).putUnified("cpu.weight", "7"));
    assertThat(asked.unified()).containsExactly(Map.entry("cpu.weight", "7"));
  }

  private static @Nullable String weight(long shares) {
    return of(r -> r.setCpuShares(shares)).unified().get("cpu.weight");
  }

  @Test
  void noLimitOfMemoryIsOneThatCanBeAskedFor() {
    assertThat(of(r -> r.setMemoryLimitInBytes(-1)).memory()).isEqualTo(new Memory(-1L, -1L));
    refused(
        r -> r.setMemoryLimitInBytes(-1).setMemorySwapLimitInBytes(MIB), "without a memory limit");
  }

  @Test
  void swapIsForbiddenUnlessGivenAndUnlimitedWhenAsked() {
    assertThat(of(r -> r.setMemoryLimitInBytes(MIB)).memory()).isEqualTo(new Memory(MIB, MIB));
    assertThat(of(r -> r.setMemoryLimitInBytes(MIB).setMemorySwapLimitInBytes(-1)).memory())
        .isEqualTo(new Memory(MIB, -1L));
  }

  @Test
  void whatTheKernelCannotCountIsLeftOut() {
    var limits =
        LinuxContainerResources.newBuilder()
            .setMemoryLimitInBytes(MIB)
            .addHugepageLimits(io.criollo.cri.v1.HugepageLimit.newBuilder().setPageSize("2MB"))
            .build();
    var resources = ResourcePart.of(limits, List.of(), Inputs.node(Set.of()));
    assertThat(resources.memory()).isEqualTo(new Memory(MIB, null));
    assertThat(resources.hugepageLimits()).isEmpty();
  }

  @Test
  void numbersOutOfRangeAreRefused() {
    refused(r -> r.setCpuShares(1), "cpu_shares");
    refused(r -> r.setCpuShares(Long.MAX_VALUE), "cpu_shares");
    refused(r -> r.setCpuPeriod(1), "cpu_period");
    refused(r -> r.setCpuPeriod(-1), "cpu_period");
    refused(r -> r.setCpuQuota(-5), "cpu_quota");
    refused(r -> r.setCpuQuota(999), "cpu_quota");
    refused(r -> r.setCpuQuota(1L << 44), "cpu_quota");
    refused(r -> r.setMemoryLimitInBytes(-2), "memory_limit_in_bytes");
    refused(r -> r.setMemoryLimitInBytes(1024), "memory_limit_in_bytes");
    refused(
        r -> r.setMemoryLimitInBytes(2 * MIB).setMemorySwapLimitInBytes(MIB),
        "memory_swap_limit_in_bytes");
    refused(r -> r.setMemorySwapLimitInBytes(MIB), "without a memory limit");
    refused(r -> r.setMemorySwapLimitInBytes(-5), "without a memory limit");
  }

  @Test
  void cpusMustBeAListOfCpusThatAreThere() {
    for (var list : List.of("99-1", "a", "1,", "-1", "1-", "1 2", "0-99999", "1\n", ",")) {
      refused(r -> r.setCpusetCpus(list), "cpuset_cpus");
    }
    refused(r -> r.setCpusetMems("x"), "cpuset_mems");
    assertThatThrownBy(() -> of(r -> r.setCpusetCpus("0,7")))
        .isInstanceOf(Refusal.FailedPrecondition.class)
        .hasMessageContaining("0-3");
    assertThatThrownBy(() -> of(r -> r.setCpusetMems("2")))
        .isInstanceOf(Refusal.FailedPrecondition.class)
        .hasMessageContaining("0-1");
  }

  @Test
  void hugePagesMustBeWellFormed() {
    for (var size : List.of("", "7Q", "2M", "2mb", "0MB", "2MB ", "-2MB")) {
      refused(r -> r.addHugepageLimitsBuilder().setPageSize(size), "hugepage_limits.page_size");
    }
    refused(
        r -> r.addHugepageLimitsBuilder().setPageSize("2MB").setLimit(-1), "hugepage_limits.limit");
  }

  @Test
  void onlyFilesOfControllersMayBeSet() {
    for (var key :
        List.of(
            "../x",
            "cgroup.procs",
            "cgroup.kill",
            "memory",
            "memory./x",
            "foo.max",
            "memory..max",
            "")) {
      refused(r -> r.putUnified(key, "1"), "config.linux.resources.unified");
    }
    refused(r -> r.putUnified("memory.max", "1\0"), "unified.memory.max");
    refused(r -> r.putUnified("memory.max", "1".repeat(5000)), "4 KiB");
    assertThat(
            of(r ->
                    r.putUnified("io.max", "8:0 rbps=1\n8:16 rbps=2")
                        .putUnified("hugetlb.2MB.rsvd.max", "1"))
                .unified())
        .hasSize(2);
  }

  @Test
  void oomScoreIsAlwaysSetAndInRange() {
    assertThat(SpecBuilder.build(Inputs.plain()).process().oomScoreAdj()).isZero();
    assertThat(
            SpecBuilder.build(Inputs.resources(r -> r.setOomScoreAdj(-998)))
                .process()
                .oomScoreAdj())
        .isEqualTo(-998);
    for (long score : new long[] {5000, -1001, Long.MIN_VALUE}) {
      assertThatThrownBy(() -> SpecBuilder.build(Inputs.resources(r -> r.setOomScoreAdj(score))))
          .isInstanceOf(Refusal.InvalidArgument.class)
          .hasMessageContaining("oom_score_adj");
    }
  }

  private static void refused(Consumer<LinuxContainerResources.Builder> change, String text) {
    assertThatThrownBy(() -> of(change))
        .isInstanceOf(Refusal.InvalidArgument.class)
        .hasMessageContaining(text);
  }

  private static OciResources of(Consumer<LinuxContainerResources.Builder> change) {
    var limits = LinuxContainerResources.newBuilder();
    change.accept(limits);
    return ResourcePart.of(limits.build(), List.of(), Inputs.node());
  }
}
