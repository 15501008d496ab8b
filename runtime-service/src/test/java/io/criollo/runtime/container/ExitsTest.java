// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conmon.oci.OciRuntimeSettings;
import io.criollo.conmon.protocol.ExitRecord;
import io.criollo.linux.cgroup.Cgroupfs;
import io.criollo.runtime.state.Changes;
import io.criollo.runtime.state.Container;
import io.criollo.runtime.state.ContainerId;
import io.criollo.runtime.state.ContainerRecord;
import io.criollo.runtime.state.ContainerState;
import io.criollo.runtime.state.Containers;
import io.criollo.runtime.state.Layout;
import io.criollo.runtime.state.LiveProcess;
import io.criollo.runtime.state.PodRecord;
import io.criollo.runtime.state.Pods;
import io.criollo.runtime.state.RuntimeHandlers;
import io.criollo.runtime.state.StateStore;
import io.criollo.runtime.state.TestRecords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExitsTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  @TempDir private Path dir = Path.of("");
  private Containers containers;
  private EarlyDeletion deletion;
  private Exits exits;
  private Container container;

  @BeforeEach
  void make() throws IOException {
    var layout = new Layout(dir, dir.resolve("run"), dir.resolve("logs"));
    containers = new Containers(StateStore.containers(layout));
    deletion = new EarlyDeletion(runtimes());
    var pods = new Pods(StateStore.pods(layout));
    exits = new Exits(pods, containers, new Cgroupfs(dir.resolve("cgroup")), deletion);
    var state = new ContainerState.Running(new LiveProcess(1, 2), NOW);
    container = containers.add(TestRecords.container(ContainerId.random(), NOW, state));
  }

  private void end() {
    exits.exited(new ExitRecord(container.hex(), 0, NOW, false, ""));
  }

  /// {@return a runtime whose `delete` fails when another one is under way}
  private Runtimes runtimes() throws IOException {
    Path program = dir.resolve("runtime");
    Files.writeString(
        program, "#!/bin/sh\nmkdir %1$s/busy && sleep 0.2 && rmdir %1$s/busy\n".formatted(dir));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    var settings = new OciRuntimeSettings("crun", program, dir.resolve("notes"), false);
    return new Runtimes(
        new RuntimeHandlers(Map.of("crun", settings), "crun"),
        new RuntimeMemory(dir.resolve("runtimes.json")));
  }

  @Test
  void whoRemovesAContainerAtTheFirstWordOfItsEndWaitsForItsDeletion() throws Exception {
    var removal = new FutureTask<>(() -> deletion.done(container.hex()));
    containers.listen(atTheEnd(() -> Thread.ofVirtual().start(removal)));
    end();
    assertThat(removal.get()).as("deleted, and only once").isTrue();
  }

  private static Changes atTheEnd(Runnable action) {
    return new Changes() {
      @Override
      public void pod(Kind kind, PodRecord pod) {}

      @Override
      public void container(Kind kind, ContainerRecord container) {
        if (kind == Kind.STOPPED) {
          action.run();
        }
      }
    };
  }
}
