// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.cri.v1.Container;
import io.criollo.cri.v1.ContainerState;
import io.criollo.cri.v1.Image;
import io.criollo.cri.v1.PodSandbox;
import io.criollo.cri.v1.PodSandboxState;
import io.criollo.cri.v1.RuntimeCondition;
import io.criollo.cri.v1.VersionResponse;
import io.criollo.runtime.rpc.NodeReport;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusTextTest {
  private static final VersionResponse VERSION =
      VersionResponse.newBuilder()
          .setRuntimeName("criollo")
          .setRuntimeVersion("0.1.0")
          .setRuntimeApiVersion("v1")
          .build();

  @Test
  void saysWhatRunsAndWhatIsNotReady() {
    var report =
        new NodeReport(
            VERSION,
            List.of(
                condition("RuntimeReady", true, "", ""),
                condition(
                    "NetworkReady", false, "NetworkPluginNotReady", "No CNI\nconfiguration file")),
            List.of(pod(PodSandboxState.SANDBOX_READY), pod(PodSandboxState.SANDBOX_NOTREADY)),
            List.of(
                container(ContainerState.CONTAINER_RUNNING),
                container(ContainerState.CONTAINER_EXITED),
                container(ContainerState.CONTAINER_RUNNING)),
            List.of(Image.newBuilder().setSize(3 << 20).build()),
            "");

    assertThat(StatusText.of(Path.of("/run/c.sock"), report))
        .isEqualTo(
            """
            criollo 0.1.0 serves CRI v1 on /run/c.sock
            RuntimeReady  yes
            NetworkReady  NO NetworkPluginNotReady No CNI configuration file
            Pods          1 ready, 1 not ready
            Containers    2 running, 1 exited
            Images        1, 3 MiB
            """);
    assertThat(report.ready()).isFalse();
  }

  @Test
  void emptyNodeIsReady() {
    var report = new NodeReport(VERSION, List.of(), List.of(), List.of(), List.of(), "");
    assertThat(StatusText.of(Path.of("/s"), report))
        .contains(
            "Pods          0 ready, 0 not ready\nContainers    none\nImages        0, 0 MiB\n");
    assertThat(report.ready()).isTrue();
  }

  private static RuntimeCondition condition(
      String type, boolean status, String reason, String message) {
    return RuntimeCondition.newBuilder()
        .setType(type)
        .setStatus(status)
        .setReason(reason)
        .setMessage(message)
        .build();
  }

  private static PodSandbox pod(PodSandboxState state) {
    return PodSandbox.newBuilder().setState(state).build();
  }

  private static Container container(ContainerState state) {
    return Container.newBuilder().setState(state).build();
  }
}
