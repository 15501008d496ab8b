// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.LinuxContainerConfig;
import io.criollo.cri.v1.LinuxContainerResources;
import io.criollo.cri.v1.ListMetricDescriptorsRequest;
import io.criollo.cri.v1.ListPodSandboxMetricsRequest;
import io.criollo.cri.v1.ListPodSandboxStatsRequest;
import io.criollo.cri.v1.Metric;
import io.criollo.cri.v1.MetricDescriptor;
import io.criollo.cri.v1.NamespaceMode;
import io.criollo.cri.v1.PodSandboxMetrics;
import io.criollo.cri.v1.PodSandboxStats;
import io.criollo.cri.v1.PodSandboxStatsFilter;
import io.criollo.cri.v1.PodSandboxStatsRequest;
import io.criollo.cri.v1.StreamPodSandboxMetricsRequest;
import io.criollo.cri.v1.StreamPodSandboxStatsRequest;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@AnyRuntime
class PodStatsIT {
  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  /// The kernel of a node may count none of these.
  private static final Set<String> MAY_BE_MISSING =
      Set.of(
          "container_blkio_device_usage_total",
          "container_fs_reads_bytes_total",
          "container_fs_reads_total",
          "container_fs_writes_bytes_total",
          "container_fs_writes_total",
          "container_hugetlb_max_usage_bytes",
          "container_hugetlb_usage_bytes");

  private static PodSandboxStats stats(String id) {
    var request = PodSandboxStatsRequest.newBuilder().setPodSandboxId(id).build();
    return criollo.client().runtime().podSandboxStats(request).getStats();
  }

  @Test
  void aPodsUseIsThatOfItsContainersAndOfItsNetwork() throws IOException {
    Pod pod = criollo.pod("stats");
    String a = pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "sleep", "1000"));
    String b = pod.createAndStart(Pod.container("b", TestImages.BUSYBOX, "sleep", "1000"));

    var stats = stats(pod.id());

    assertThat(stats.getAttributes().getMetadata().getName()).isEqualTo("stats");
    var linux = stats.getLinux();
    assertThat(linux.getContainersList())
        .extracting(one -> one.getAttributes().getId())
        .containsExactlyInAnyOrder(a, b);
    assertThat(linux.getCpu().getUsageCoreNanoSeconds().getValue()).isPositive();
    assertThat(linux.getMemory().getUsageBytes().getValue()).isPositive();
    assertThat(linux.getProcess().getProcessCount().getValue())
        .as("two, and the init of a pod that shares processes")
        .isBetween(2L, 3L);
    assertThat(linux.getIo().getTimestamp()).isPositive();
    assertThat(linux.getNetwork().getDefaultInterface().getName()).isEqualTo("eth0");
  }

  @Test
  void whatAPodSendsIsCountedWithAndWithoutAProcessInIt() throws IOException {
    Pod pod = criollo.pod("traffic");
    long before = sent(stats(pod.id()));
    String id = pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "sleep", "1000"));
    Pod server = criollo.pod("server");
    server.createAndStart(Pod.container("web", TestImages.WEB));
    String fetch = "until wget -q -O - http://" + server.ip() + "/; do usleep 100000; done";
    assertThat(pod.output(id, "sh", "-c", fetch)).isNotEmpty();

    long after = sent(stats(pod.id()));
    assertThat(after).isGreaterThanOrEqualTo(before + 100); // a request and what TCP needs for it
    pod.remove(id);
    assertThat(sent(stats(pod.id()))).isGreaterThanOrEqualTo(after);
  }

  private static long sent(PodSandboxStats stats) {
    return stats.getLinux().getNetwork().getDefaultInterface().getTxBytes().getValue();
  }

  @Test
  void theListHoldsReadyPodsThatPassTheFilter() throws IOException {
    Pod first = criollo.pod("one");
    Pod second = criollo.run(criollo.config("two").putLabels("which", "two").build());
    var ofTwo = PodSandboxStatsFilter.newBuilder().putLabelSelector("which", "two").build();

    assertThat(listed(PodSandboxStatsFilter.getDefaultInstance()))
        .containsExactlyInAnyOrder(first.id(), second.id());
    assertThat(listed(ofTwo)).containsExactly(second.id());
    assertThat(streamed(ofTwo)).containsExactly(second.id());
    second.stop();
    assertThat(listed(ofTwo)).isEmpty();
    assertThat(stats(second.id()).getLinux().getContainersList()).isEmpty();
    Statuses.assertRefused(Status.Code.NOT_FOUND, () -> stats("0123456789"));
  }

  @Test
  void whatCannotBeReadOfOneIsLeftOutOfLists() throws Exception {
    Pod pod = criollo.pod("broken");
    String broken = pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "sleep", "1000"));
    String whole = pod.createAndStart(Pod.container("b", TestImages.BUSYBOX, "sleep", "1000"));
    Pod idle = criollo.pod("no-network");
    Path layer = criollo.node().root().resolve("containers").resolve(broken).resolve("diff");
    Path aside = layer.resolveSibling("aside");
    Path pins = criollo.node().root().resolveSibling("run").resolve("ns");
    Path network = pins.resolve(idle.id()).resolve("net");
    Files.move(layer, aside);
    Command.run("mount", "--bind", "/dev/null", network.toString());
    try {
      assertThat(containers(list())).containsExactly(whole);
      assertThat(listed(PodSandboxStatsFilter.getDefaultInstance()))
          .containsExactlyInAnyOrder(pod.id(), idle.id());
      var metrics =
          criollo
              .client()
              .runtime()
              .listPodSandboxMetrics(ListPodSandboxMetricsRequest.getDefaultInstance())
              .getPodMetricsList();
      assertThat(metrics)
          .extracting(PodSandboxMetrics::getPodSandboxId)
          .containsExactlyInAnyOrder(pod.id(), idle.id());
      Statuses.assertRefused(Status.Code.UNKNOWN, () -> stats(pod.id()), "diff");
      Statuses.assertRefused(Status.Code.UNKNOWN, () -> stats(idle.id()), network.toString());
    } finally {
      Command.run("umount", network.toString());
      Files.move(aside, layer);
    }
    assertThat(containers(list())).containsExactlyInAnyOrder(broken, whole);
    assertThat(stats(idle.id()).getLinux().getNetwork().getDefaultInterface().getName())
        .isEqualTo("eth0");
  }

  private static List<String> containers(List<PodSandboxStats> pods) {
    return pods.stream()
        .flatMap(pod -> pod.getLinux().getContainersList().stream())
        .map(one -> one.getAttributes().getId())
        .toList();
  }

  private static List<PodSandboxStats> list() {
    var request = ListPodSandboxStatsRequest.getDefaultInstance();
    return criollo.client().runtime().listPodSandboxStats(request).getStatsList();
  }

  private static List<String> listed(PodSandboxStatsFilter filter) {
    var request = ListPodSandboxStatsRequest.newBuilder().setFilter(filter).build();
    return criollo.client().runtime().listPodSandboxStats(request).getStatsList().stream()
        .map(stats -> stats.getAttributes().getId())
        .toList();
  }

  private static List<String> streamed(PodSandboxStatsFilter filter) {
    var ids = new ArrayList<String>();
    criollo
        .client()
        .runtime()
        .streamPodSandboxStats(StreamPodSandboxStatsRequest.newBuilder().setFilter(filter).build())
        .forEachRemaining(part ->
            part.getPodSandboxStatsList().forEach(stats -> ids.add(stats.getAttributes().getId())));
    return ids;
  }

  @Test
  void everyMetricThatIsAnnouncedIsThereWithItsLabels() throws IOException {
    Pod pod = criollo.pod("metrics");
    var limits =
        LinuxContainerResources.newBuilder()
            .setCpuPeriod(100_000)
            .setCpuQuota(20_000)
            .setMemoryLimitInBytes(64 << 20);
    String id =
        pod.createAndStart(
            Pod.container("a", TestImages.BUSYBOX, "sleep", "1000")
                .setLinux(LinuxContainerConfig.newBuilder().setResources(limits)));

    var found = metrics(pod);

    var names = new HashMap<String, Metric>();
    found.getMetricsList().forEach(metric -> names.put(metric.getName(), metric));
    assertThat(found.getContainerMetricsList())
        .singleElement()
        .satisfies(one -> assertThat(one.getContainerId()).isEqualTo(id));
    found
        .getContainerMetrics(0)
        .getMetricsList()
        .forEach(metric -> names.put(metric.getName(), metric));
    for (var descriptor : descriptors()) {
      if (!MAY_BE_MISSING.contains(descriptor.getName())) {
        assertThat(names).containsKey(descriptor.getName());
      }
    }
    assertThat(value(names, "container_memory_usage_bytes")).isPositive();
    assertThat(value(names, "container_processes")).isEqualTo(1);
    assertThat(value(names, "container_spec_memory_limit_bytes")).isEqualTo(64 << 20);
    assertThat(value(names, "container_fs_limit_bytes")).isPositive();
    assertThat(labels(names, "container_memory_usage_bytes"))
        .containsEntry("pod", "metrics")
        .containsEntry("namespace", "default")
        .containsEntry("container", "a")
        .containsEntry("image", TestImages.BUSYBOX)
        .containsEntry("name", id);
    assertThat(labels(names, "container_network_receive_bytes_total"))
        .containsEntry("interface", "eth0")
        .containsEntry("container", "POD");
  }

  private static List<MetricDescriptor> descriptors() {
    return criollo
        .client()
        .runtime()
        .listMetricDescriptors(ListMetricDescriptorsRequest.getDefaultInstance())
        .getDescriptorsList();
  }

  private static PodSandboxMetrics metrics(Pod pod) {
    var request = ListPodSandboxMetricsRequest.getDefaultInstance();
    return criollo.client().runtime().listPodSandboxMetrics(request).getPodMetricsList().stream()
        .filter(one -> one.getPodSandboxId().equals(pod.id()))
        .findFirst()
        .orElseThrow();
  }

  private static long value(Map<String, Metric> metrics, String name) {
    return metric(metrics, name).getValue().getValue();
  }

  private static Metric metric(Map<String, Metric> metrics, String name) {
    return Objects.requireNonNull(metrics.get(name), name);
  }

  private static Map<String, String> labels(Map<String, Metric> metrics, String name) {
    var keys =
        descriptors().stream()
            .filter(one -> one.getName().equals(name))
            .findFirst()
            .orElseThrow()
            .getLabelKeysList();
    var values = metric(metrics, name).getLabelValuesList();
    assertThat(values).hasSameSizeAs(keys);
    var labels = new HashMap<String, String>();
    for (int i = 0; i < keys.size(); i++) {
      labels.put(keys.get(i), values.get(i));
    }
    return labels;
  }

  @Test
  void thePodsOfTheNodesNetworkHaveNoTrafficOfTheirOwn() throws IOException {
    var config = criollo.config("hostnet");
    config
        .getLinuxBuilder()
        .getSecurityContextBuilder()
        .getNamespaceOptionsBuilder()
        .setNetwork(NamespaceMode.NODE);
    Pod pod = criollo.run(config.build());
    pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "sleep", "1000"));

    assertThat(stats(pod.id()).getLinux().getNetwork().hasDefaultInterface()).isFalse();
    assertThat(metrics(pod).getMetricsList()).isEmpty();
    var streamed =
        criollo
            .client()
            .runtime()
            .streamPodSandboxMetrics(StreamPodSandboxMetricsRequest.getDefaultInstance());
    assertThat(
            streamed.next().getPodSandboxMetricsList().stream()
                .map(PodSandboxMetrics::getPodSandboxId)
                .collect(Collectors.toSet()))
        .containsExactly(pod.id());
  }
}
