// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.ContainerStats;
import io.criollo.cri.v1.ContainerStatsFilter;
import io.criollo.cri.v1.ContainerStatsRequest;
import io.criollo.cri.v1.ImageFsInfoRequest;
import io.criollo.cri.v1.ListContainerStatsRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@AnyRuntime
class StatsIT {
  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  private static ContainerStats stats(String id) {
    var request = ContainerStatsRequest.newBuilder().setContainerId(id).build();
    return criollo.client().runtime().containerStats(request).getStats();
  }

  private static List<String> listed(ContainerStatsFilter.Builder filter) {
    var request = ListContainerStatsRequest.newBuilder().setFilter(filter).build();
    return criollo.client().runtime().listContainerStats(request).getStatsList().stream()
        .map(stats -> stats.getAttributes().getId())
        .toList();
  }

  @Test
  void whatAContainerWritesAndComputesIsCounted() throws Exception {
    Pod pod = criollo.pod("stats");
    String id = pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "sleep", "1000"));
    var before = stats(id);

    assertThat(
            pod.output(
                id, "sh", "-c", "dd if=/dev/zero of=/written bs=64k count=16 2>/dev/null; echo ok"))
        .isEqualTo("ok");
    long written = before.getWritableLayer().getUsedBytes().getValue() + (1 << 20);
    Patience.await( // a walk through the layer is not repeated at once
        "what was written is seen, and a rate",
        Duration.ofSeconds(30),
        () ->
            stats(id).getWritableLayer().getUsedBytes().getValue() >= written
                && stats(id).getCpu().hasUsageNanoCores());
    var after = stats(id);

    assertThat(after.getAttributes().getMetadata().getName()).isEqualTo("a");
    assertThat(after.getMemory().getUsageBytes().getValue()).isPositive();
    assertThat(after.getMemory().getWorkingSetBytes().getValue())
        .isLessThanOrEqualTo(after.getMemory().getUsageBytes().getValue());
    assertThat(after.getCpu().getUsageCoreNanoSeconds().getValue())
        .isGreaterThan(before.getCpu().getUsageCoreNanoSeconds().getValue());
    assertThat(after.getWritableLayer().getFsId().getMountpoint())
        .isEqualTo(
            criollo
                .client()
                .images()
                .imageFsInfo(ImageFsInfoRequest.getDefaultInstance())
                .getImageFilesystems(0)
                .getFsId()
                .getMountpoint());
  }

  @Test
  void theListHoldsLiveContainersThatPassTheFilter() throws IOException {
    Pod pod = criollo.pod("stats");
    String a =
        pod.createAndStart(
            Pod.container("a", TestImages.BUSYBOX, "sleep", "1000").putLabels("which", "a"));
    String b = pod.createAndStart(Pod.container("b", TestImages.BUSYBOX, "sleep", "1000"));

    assertThat(listed(ContainerStatsFilter.newBuilder().setPodSandboxId(pod.id())))
        .containsExactlyInAnyOrder(a, b);
    assertThat(listed(ContainerStatsFilter.newBuilder().putLabelSelector("which", "a")))
        .containsExactly(a);
    assertThat(listed(ContainerStatsFilter.newBuilder().setId("0123456789"))).isEmpty();
    pod.stop(b, Duration.ZERO);
    assertThat(listed(ContainerStatsFilter.newBuilder().setPodSandboxId(pod.id())))
        .containsExactly(a);
  }
}
