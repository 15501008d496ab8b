// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conmon.oci.OciRuntimeSettings;
import io.criollo.conmon.protocol.ExitRecord;
import io.criollo.linux.cgroup.Cgroupfs;
import io.criollo.runtime.state.ContainerId;
import io.criollo.runtime.state.ContainerState;
import io.criollo.runtime.state.Containers;
import io.criollo.runtime.state.Layout;
import io.criollo.runtime.state.LiveProcess;
import io.criollo.runtime.state.Pods;
import io.criollo.runtime.state.RuntimeHandlers;
import io.criollo.runtime.state.StateStore;
import io.criollo.runtime.state.TestRecords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EarlyExitsTest {
  private static final ContainerId ID = ContainerId.random();
  private static final ExitRecord END = new ExitRecord(ID.hex(), 7, Instant.EPOCH, false, "");

  @TempDir Path folder;
  private Containers containers;
  private Exits exits;

  @BeforeEach
  void make() throws IOException {
    var layout = new Layout(folder.resolve("root"), folder.resolve("run"), folder.resolve("logs"));
    Files.createDirectories(layout.run());
    containers = new Containers(StateStore.containers(layout));
    var crun = new OciRuntimeSettings("crun", folder.resolve("crun"), folder, false);
    var handlers = new RuntimeHandlers(Map.of("crun", crun), "crun");
    var runtimes = new Runtimes(handlers, new RuntimeMemory(layout.runtimes()));
    exits =
        new Exits(
            new Pods(StateStore.pods(layout)),
            containers,
            new Cgroupfs(folder.resolve("cgroup")),
            new EarlyDeletion(runtimes));
  }

  @Test
  void anEndThatComesBeforeItsContainerIsKnownIsKeptForItsMaker() {
    exits.making(ID.hex());
    exits.exited(END);
    assertThat(exits.made(ID.hex())).contains(END);
    assertThat(exits.made(ID.hex())).isEmpty();
  }

  @Test
  void theEndOfAKnownContainerIsWrittenDownAtOnce() throws IOException {
    exits.making(ID.hex());
    var container =
        containers.add(
            TestRecords.container(
                ID, Instant.EPOCH, new ContainerState.Created(new LiveProcess(1, 2))));
    exits.exited(END);
    assertThat(exits.made(ID.hex())).isEmpty();
    assertThat(container.state())
        .isEqualTo(new ContainerState.Exited(Instant.EPOCH, Instant.EPOCH, 7, false, ""));
  }

  @Test
  void theEndOfWhatNobodyMakesIsNotKept() {
    exits.exited(END);
    exits.making(ID.hex());
    assertThat(exits.made(ID.hex())).isEmpty();
    exits.exited(END);
    exits.making(ID.hex());
    assertThat(exits.made(ID.hex())).isEmpty();
  }
}
