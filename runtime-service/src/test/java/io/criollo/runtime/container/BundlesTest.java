// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.conmon.oci.OciRuntimeSettings;
import io.criollo.cri.v1.ContainerConfig;
import io.criollo.cri.v1.NamespaceMode;
import io.criollo.linux.PidFd;
import io.criollo.linux.cgroup.Cgroupfs;
import io.criollo.runtime.spec.ContainerDefaults;
import io.criollo.runtime.spec.CpuList;
import io.criollo.runtime.spec.NodeFacts;
import io.criollo.runtime.state.Container;
import io.criollo.runtime.state.ContainerId;
import io.criollo.runtime.state.ContainerState;
import io.criollo.runtime.state.Containers;
import io.criollo.runtime.state.Layout;
import io.criollo.runtime.state.LiveProcess;
import io.criollo.runtime.state.PodId;
import io.criollo.runtime.state.Refusal;
import io.criollo.runtime.state.RuntimeHandlers;
import io.criollo.runtime.state.StateStore;
import io.criollo.runtime.state.TestRecords;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundlesTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  @TempDir private Path dir = Path.of("");
  private Containers containers;
  private Bundles bundles;

  @BeforeEach
  void make() throws IOException {
    var layout = new Layout(dir.resolve("root"), dir.resolve("run"), dir.resolve("logs"));
    containers = new Containers(StateStore.containers(layout));
    var node =
        new NodeFacts(
            ContainerDefaults.USUAL,
            40,
            () -> new CpuList("0"),
            () -> new CpuList("0"),
            0,
            Set.of());
    var runtime = new OciRuntimeSettings("crun", dir.resolve("crun"), dir.resolve("crun"), false);
    var runtimes =
        new Runtimes(
            new RuntimeHandlers(Map.of("crun", runtime), "crun"),
            new RuntimeMemory(dir.resolve("runtimes.json")));
    var features = new HandlerFeatures(runtimes, node, Map.of());
    bundles = new Bundles(layout, containers, new Cgroupfs(dir.resolve("cgroup")), features);
  }

  private Container joining(String target) throws IOException {
    var config = ContainerConfig.newBuilder();
    config
        .getLinuxBuilder()
        .getSecurityContextBuilder()
        .getNamespaceOptionsBuilder()
        .setPid(NamespaceMode.TARGET)
        .setTargetId(target);
    return containers.add(
        TestRecords.container(
            ContainerId.random(),
            PodId.random(),
            config.build(),
            NOW,
            new ContainerState.Created()));
  }

  private Container running(long startTime) throws IOException {
    var process = new LiveProcess(ProcessHandle.current().pid(), startTime);
    var state = new ContainerState.Running(process, NOW);
    return containers.add(TestRecords.container(ContainerId.random(), NOW, state));
  }

  @Test
  void theTargetOfItsProcessesHasToRunStill() throws Exception {
    long startTime = PidFd.startTime(ProcessHandle.current().pid());
    var joining = joining(running(startTime).hex());
    assertThatCode(() -> bundles.requireTarget(joining)).doesNotThrowAnyException();

    refused(joining(running(startTime + 1).hex()));
    var ended = running(startTime);
    ended.ended(NOW, 0, false, "");
    refused(joining(ended.hex()));
    refused(joining(ContainerId.random().hex()));
  }

  private void refused(Container container) {
    assertThatThrownBy(() -> bundles.requireTarget(container))
        .isInstanceOf(Refusal.FailedPrecondition.class)
        .hasMessageContaining("target_id");
  }
}
