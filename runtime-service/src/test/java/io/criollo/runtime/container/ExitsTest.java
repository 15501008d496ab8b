// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conmon.oci.OciRuntimeSettings;
import io.criollo.conmon.protocol.CreatedProcess;
import io.criollo.conmon.protocol.ExitRecord;
import io.criollo.conmon.protocol.LogLoss;
import io.criollo.conmon.protocol.MonitoredContainer;
import io.criollo.linux.PidFd;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  private static MonitoredContainer known(String id) {
    return new MonitoredContainer(
        id, new CreatedProcess(1, 2), Optional.empty(), new LogLoss(0, 0, 0));
  }

  @Test
  void whatAnotherMonitorDoesNotKnowAndNoLongerRunsHasEndedUnseen() throws Exception {
    exits.monitorReplaced(() -> List.of(known(container.hex())));
    assertThat(container.state()).isInstanceOf(ContainerState.Running.class);
    exits.monitorReplaced(List::of);
    assertThat(container.state())
        .isInstanceOfSatisfying(
            ContainerState.Exited.class, end -> assertThat(end.exitCode()).isEqualTo(255));
  }

  @Test
  void whatRunsThoughAnotherMonitorDoesNotKnowItGoesOn() throws Exception {
    long self = ProcessHandle.current().pid();
    var process = new LiveProcess(self, PidFd.startTime(self));
    var alive =
        containers.add(
            TestRecords.container(
                ContainerId.random(), NOW, new ContainerState.Running(process, NOW)));
    exits.monitorReplaced(List::of);
    assertThat(alive.state()).isInstanceOf(ContainerState.Running.class);
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
