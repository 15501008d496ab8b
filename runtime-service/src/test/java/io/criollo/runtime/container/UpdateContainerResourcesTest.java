// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.conmon.oci.OciRuntimeSettings;
import io.criollo.cri.v1.HugepageLimit;
import io.criollo.cri.v1.LinuxContainerResources;
import io.criollo.cri.v1.UpdateContainerResourcesRequest;
import io.criollo.linux.cgroup.Cgroupfs;
import io.criollo.runtime.spec.ContainerDefaults;
import io.criollo.runtime.spec.CpuList;
import io.criollo.runtime.spec.NodeFacts;
import io.criollo.runtime.spec.NodeFacts.Feature;
import io.criollo.runtime.state.Container;
import io.criollo.runtime.state.ContainerId;
import io.criollo.runtime.state.ContainerState;
import io.criollo.runtime.state.Containers;
import io.criollo.runtime.state.Layout;
import io.criollo.runtime.state.Pods;
import io.criollo.runtime.state.Refusal;
import io.criollo.runtime.state.RuntimeHandlers;
import io.criollo.runtime.state.StateStore;
import io.criollo.runtime.state.TestRecords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Limits of a container that is created, which needs no cgroup.
class UpdateContainerResourcesTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  @TempDir private Path dir = Path.of("");
  private Layout layout;
  private Container container;
  private Path document;
  private UpdateContainerResources update;

  @BeforeEach
  void make() throws IOException {
    layout = new Layout(dir.resolve("root"), dir.resolve("run"), dir.resolve("logs"));
    var containers = new Containers(StateStore.containers(layout));
    container =
        containers.add(
            TestRecords.container(ContainerId.random(), NOW, new ContainerState.Created()));
    var pods = new Pods(StateStore.pods(layout));
    pods.add(TestRecords.pod(container.pod(), "/p", NOW));
    var cgroup = Files.createDirectories(dir.resolve("cgroup/p"));
    Files.writeString(cgroup.resolve("cgroup.controllers"), "cpu io memory hugetlb\n");
    for (var file : List.of("cpu.max", "io.max", "memory.high")) {
      Files.createFile(cgroup.resolve(file));
    }
    document = Files.createDirectories(layout.bundle(container.id())).resolve("config.json");
    Files.writeString(document, "{\"linux\":{}}");
    var node =
        new NodeFacts(
            ContainerDefaults.USUAL,
            40,
            () -> new CpuList("0-1"),
            () -> new CpuList("0"),
            0,
            Set.of(Feature.HUGETLB));
    var runtime = new OciRuntimeSettings("crun", dir.resolve("crun"), dir.resolve("crun"), false);
    var runtimes =
        new Runtimes(
            new RuntimeHandlers(Map.of("crun", runtime), "crun"),
            new RuntimeMemory(dir.resolve("runtimes.json")));
    var cgroups = new Cgroupfs(dir.resolve("cgroup"));
    var features = new HandlerFeatures(runtimes, node, Map.of());
    var bundles = new Bundles(layout, containers, cgroups, features);
    update = new UpdateContainerResources(pods, containers, cgroups, bundles, node, runtimes);
  }

  private void update(LinuxContainerResources.Builder wish) throws Exception {
    var _ =
        update.update(
            UpdateContainerResourcesRequest.newBuilder()
                .setContainerId(container.hex())
                .setLinux(wish)
                .build());
  }

  private static LinuxContainerResources.Builder wish() {
    return LinuxContainerResources.newBuilder();
  }

  private long quota() {
    return container.config().getLinux().getResources().getCpuQuota();
  }

  @Test
  void theRecordStaysWhenTheDocumentCannotChange() throws Exception {
    Files.writeString(document, "{");
    assertThatThrownBy(() -> update(wish().setCpuQuota(20_000))).isInstanceOf(IOException.class);
    assertThat(quota()).isZero();
  }

  @Test
  void theDocumentStaysWhenTheRecordCannotChange() throws Exception {
    update(wish().setCpuQuota(20_000));
    var before = Files.readString(document);
    var record = layout.containers().resolve(container.hex());
    Files.move(record, dir.resolve("aside"));
    Files.writeString(record, "");
    assertThatThrownBy(() -> update(wish().setCpuQuota(30_000))).isInstanceOf(IOException.class);
    assertThat(quota()).isEqualTo(20_000);
    assertThat(document).hasContent(before);
    assertThat(before).contains("20000");
  }

  @Test
  void whatTheKernelCouldNotLimitAtTheStartIsRefused() throws Exception {
    update(wish().putUnified("memory.high", "1000000").putUnified("pids.max", "7"));
    for (var bad :
        List.of(
            wish().putUnified("memory.nosuch", "1"),
            wish().putUnified("io.max", "4095:9 rbps=1000000"),
            wish().addHugepageLimits(HugepageLimit.newBuilder().setPageSize("3MB").setLimit(1)))) {
      assertThatThrownBy(() -> update(bad.setCpuQuota(20_000)))
          .isInstanceOf(Refusal.InvalidArgument.class)
          .hasMessageStartingWith("linux");
    }
    assertThat(quota()).isZero();
  }
}
