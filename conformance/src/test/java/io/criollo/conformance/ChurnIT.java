// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.ListContainerStatsRequest;
import io.criollo.cri.v1.ListContainersRequest;
import io.criollo.cri.v1.ListPodSandboxMetricsRequest;
import io.criollo.cri.v1.ListPodSandboxRequest;
import io.criollo.cri.v1.ListPodSandboxStatsRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A kubelet asks every few seconds, whatever is being made and removed meanwhile.
class ChurnIT {
  private static final int AT_ONCE = 4;
  private static final int LIVES = 6;

  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  @Test
  void listsAndStatisticsNeverFailWhilePodsComeAndGo() throws Exception {
    var lives = new ArrayList<Future<?>>();
    int answers = 0;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < AT_ONCE; i++) {
        String name = "churn" + i;
        lives.add(threads.submit(() -> live(name)));
      }
      while (!lives.stream().allMatch(Future::isDone)) {
        ask();
        answers++;
      }
    }
    for (var life : lives) {
      life.get();
    }
    assertThat(answers).isPositive();
  }

  private static boolean live(String name) throws IOException {
    for (int i = 0; i < LIVES; i++) {
      Pod pod = criollo.pod(name + "-" + i);
      pod.createAndStart(Pod.container("brief", TestImages.BUSYBOX, "true"));
      pod.createAndStart(Pod.container("long", TestImages.BUSYBOX, "sleep", "1000"));
      pod.stop();
      pod.remove();
    }
    return true;
  }

  private static void ask() {
    var cri = criollo.client().runtime();
    var _ = cri.listPodSandboxStats(ListPodSandboxStatsRequest.getDefaultInstance());
    var _ = cri.listContainerStats(ListContainerStatsRequest.getDefaultInstance());
    var _ = cri.listPodSandboxMetrics(ListPodSandboxMetricsRequest.getDefaultInstance());
    var _ = cri.listPodSandbox(ListPodSandboxRequest.getDefaultInstance());
    var _ = cri.listContainers(ListContainersRequest.getDefaultInstance());
  }
}
