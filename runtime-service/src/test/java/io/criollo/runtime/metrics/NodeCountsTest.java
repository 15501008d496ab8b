// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.runtime.state.Changes;
import io.criollo.runtime.state.Container;
import io.criollo.runtime.state.ContainerId;
import io.criollo.runtime.state.ContainerRecord;
import io.criollo.runtime.state.ContainerState;
import io.criollo.runtime.state.Containers;
import io.criollo.runtime.state.Layout;
import io.criollo.runtime.state.PodRecord;
import io.criollo.runtime.state.Pods;
import io.criollo.runtime.state.StateStore;
import io.criollo.runtime.state.TestRecords;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeCountsTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  @TempDir private Path dir = Path.of("");

  @Test
  void containersAreCountedByTheirStateAndThoseThatMemoryRanOutForAreAdded() throws IOException {
    var layout = new Layout(dir, dir.resolve("run"), dir);
    var containers = new Containers(StateStore.containers(layout));
    var counts = new NodeCounts(new Pods(StateStore.pods(layout)), containers, "crun");
    var others = new Others();
    containers.listen(others.and(counts));

    var _ = created(containers);
    created(containers).ended(NOW, 0, false, "");
    var killed = created(containers);
    killed.ended(NOW, 137, true, "");
    killed.ended(NOW, 137, true, "told twice");
    containers.remove(killed);

    assertThat(page(counts))
        .containsExactlyInAnyOrder(
            "criollo_pods{state=\"ready\"} 0",
            "criollo_pods{state=\"notready\"} 0",
            "criollo_containers{state=\"created\"} 1",
            "criollo_containers{state=\"running\"} 0",
            "criollo_containers{state=\"exited\"} 1",
            "criollo_containers{state=\"unknown\"} 0",
            "criollo_containers_oom_total 1",
            "criollo_default_runtime{runtime=\"crun\"} 1");
    assertThat(others.heard)
        .filteredOn(kind -> kind == Changes.Kind.STOPPED)
        .as("who listened before still hears")
        .hasSize(2);
  }

  private static Container created(Containers containers) throws IOException {
    var state = new ContainerState.Created();
    return containers.add(TestRecords.container(ContainerId.random(), NOW, state));
  }

  private static List<String> page(Source source) throws IOException {
    var page = new Page(EnumSet.allOf(Collector.class));
    source.write(page);
    return page.toString().lines().filter(line -> !line.startsWith("#")).toList();
  }

  private static final class Others implements Changes {
    private final List<Kind> heard = new ArrayList<>();

    @Override
    public void pod(Kind kind, PodRecord pod) {}

    @Override
    public void container(Kind kind, ContainerRecord container) {
      heard.add(kind);
    }
  }
}
