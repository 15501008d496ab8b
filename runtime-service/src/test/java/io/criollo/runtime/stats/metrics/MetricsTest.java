// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.stats.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.cri.v1.ContainerConfig;
import io.criollo.cri.v1.LinuxContainerResources;
import io.criollo.cri.v1.Metric;
import io.criollo.runtime.state.ContainerId;
import io.criollo.runtime.state.ContainerState;
import io.criollo.runtime.state.LiveProcess;
import io.criollo.runtime.state.PodId;
import io.criollo.runtime.state.TestRecords;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private static final Instant START = Instant.ofEpochSecond(1_700_000_000);

  private static final Set<MetricName> ALL = EnumSet.allOf(MetricName.class);

  @Test
  void everyMetricHasANameAHelpAndItsOwnLabelsLast() {
    var all = Arrays.stream(MetricName.values()).map(MetricName::descriptor).toList();
    assertThat(all).hasSize(56);
    assertThat(all)
        .allSatisfy(one -> {
          assertThat(one.getName()).matches("container_[a-z_]+");
          assertThat(one.getHelp()).isNotBlank();
          assertThat(one.getLabelKeysList())
              .startsWith("id", "name", "image", "namespace", "pod", "container")
              .doesNotHaveDuplicates();
        });
    assertThat(all).extracting(one -> one.getName()).doesNotHaveDuplicates();
  }

  @Test
  void aValueHasAsManyLabelsAsItsDescriptorHasKeys() {
    var list = new MetricList(List.of("1", "2", "3", "4", "5", "6"), ALL);
    list.add(MetricName.FS_READS, 7, "/dev/sda");
    list.addMicros(MetricName.CPU_USER_SECONDS, 2_999_999);
    assertThat(list.all().getFirst().getLabelValuesList())
        .containsExactly("1", "2", "3", "4", "5", "6", "/dev/sda");
    assertThat(list.all().getLast().getValue().getValue()).isEqualTo(2);
    assertThatThrownBy(() -> list.add(MetricName.FS_READS, 7)).hasMessageContaining("[device]");
  }

  @Test
  void promisesAreToldAsCadvisorDid() {
    assertThat(spec(LinuxContainerResources.newBuilder()))
        .containsEntry("container_spec_cpu_period", 100_000L)
        .containsEntry("container_spec_memory_limit_bytes", 0L)
        .containsEntry("container_start_time_seconds", START.getEpochSecond())
        .doesNotContainKey("container_spec_cpu_quota");
    assertThat(
            spec(
                LinuxContainerResources.newBuilder()
                    .setCpuQuota(20_000)
                    .setCpuShares(512)
                    .setMemoryLimitInBytes(1000)
                    .putUnified("memory.min", "77")))
        .containsEntry("container_spec_cpu_quota", 20_000L)
        .containsEntry("container_spec_cpu_shares", 512L)
        .containsEntry("container_spec_memory_limit_bytes", 1000L)
        .containsEntry("container_spec_memory_swap_limit_bytes", 1000L)
        .containsEntry("container_spec_memory_reservation_limit_bytes", 77L);
    assertThat(spec(LinuxContainerResources.newBuilder().setMemoryLimitInBytes(-1)))
        .containsEntry("container_spec_memory_limit_bytes", 0L);
  }

  private static Map<String, Long> spec(LinuxContainerResources.Builder limits) {
    var config = ContainerConfig.newBuilder();
    config.getLinuxBuilder().setResources(limits);
    var list = new MetricList(List.of(), ALL);
    SpecMetrics.addTo(
        list,
        TestRecords.container(
            ContainerId.random(),
            PodId.random(),
            config.build(),
            START.minusSeconds(5),
            new ContainerState.Running(new LiveProcess(1, 2), START)));
    return list.all().stream()
        .collect(Collectors.toMap(Metric::getName, metric -> metric.getValue().getValue()));
  }

  @Test
  void theLimitOfOpenFilesIsFound() {
    var limits =
        """
        Limit                     Soft Limit           Hard Limit           Units
        Max processes             63455                63455                processes
        Max open files            1024                 524288               files
        """;
    assertThat(ProcessMetrics.softLimit(limits)).hasValue(1024);
    assertThat(ProcessMetrics.softLimit(limits.replace("1024", "unlimited"))).hasValue(-1);
    assertThat(ProcessMetrics.softLimit("")).isEmpty();
    assertThat(ProcessMetrics.softLimit("Max open files")).isEmpty();
  }

  @Test
  void hugePagesAreNamedAsCgroupFilesAre() {
    assertThat(Devices.size(64)).isEqualTo("64KB");
    assertThat(Devices.size(2048)).isEqualTo("2MB");
    assertThat(Devices.size(1 << 20)).isEqualTo("1GB");
  }

  @Test
  void groupsThatAreNotIncludedAreLeftOut() {
    var groups = Set.of(MetricGroup.CPU, MetricGroup.DISK_IO);
    var shown = MetricGroup.metrics(groups);
    assertThat(shown)
        .contains(MetricName.CPU_USAGE_SECONDS, MetricName.FS_READS, MetricName.LAST_SEEN)
        .doesNotContain(
            MetricName.FS_USAGE_BYTES, MetricName.PRESSURE_CPU_STALLED, MetricName.SPEC_CPU_SHARES);
    var list = new MetricList(List.of(), shown);
    list.add(MetricName.MEMORY_RSS, 1);
    assertThat(list.all()).isEmpty();
    assertThat(MetricGroup.metrics(MetricGroup.parse("all"))).containsAll(ALL);
  }

  @Test
  void everyMetricIsOfOneGroupOrAlwaysThere() {
    assertThat(MetricGroup.metrics(Set.of())).containsExactly(MetricName.LAST_SEEN);
  }
}
