// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerTest {
  private static final LiveProcess PROCESS = new LiveProcess(42, 4711);
  private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");

  @TempDir private Path dir = Path.of("");

  private Containers all() {
    return new Containers(StateStore.containers(new Layout(dir, dir.resolve("run"), dir)));
  }

  private Container created() throws IOException {
    return all().add(StateStoreTest.container(new ContainerState.Created()));
  }

  @Test
  void startsOnce() throws IOException {
    var container = created();
    container.beginStart(START);
    assertThatThrownBy(() -> container.beginStart(START))
        .isInstanceOf(Refusal.FailedPrecondition.class)
        .hasMessage("container " + container.id() + " is being started");
    container.startSucceeded(PROCESS);
    assertThat(container.state()).isEqualTo(new ContainerState.Running(PROCESS, START));
    assertThatThrownBy(() -> container.beginStart(START))
        .isInstanceOf(Refusal.FailedPrecondition.class)
        .hasMessageContaining("is not created but running");
  }

  @Test
  void failedStartMayBeRepeated() throws IOException {
    var container = created();
    container.beginStart(START);
    container.startFailed();
    container.beginStart(START);
  }

  @Test
  void whatTheRuntimeRefusesHasEnded() throws IOException {
    var container = created();
    container.beginStart(START);
    container.startRefused(START, "no such file");
    container.startFailed();
    assertThat(container.state())
        .isEqualTo(new ContainerState.Exited(Instant.EPOCH, START, 128, false, "no such file"))
        .isInstanceOfSatisfying(
            ContainerState.Exited.class, exited -> assertThat(exited.refused()).isTrue());
    assertThatThrownBy(() -> container.beginStart(START)).hasMessageContaining("but exited");
  }

  @Test
  void anEndCountsThoughTheDiskDoesNotTakeIt() throws IOException {
    var container = created();
    container.beginStart(START);
    container.startSucceeded(PROCESS);
    Path folder = dir.resolve("containers").resolve(container.hex());
    try (var files = Files.newDirectoryStream(folder)) {
      for (var file : files) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
    Files.createFile(folder); // in the way

    assertThatThrownBy(() -> container.ended(START, 3, true, "")).isInstanceOf(IOException.class);
    assertThat(container.state()).isEqualTo(new ContainerState.Exited(START, START, 3, true, ""));
    assertThatThrownBy(() -> container.ended(START, 3, true, "")).isInstanceOf(IOException.class);
    Files.delete(folder);
    container.ended(START, 255, false, "a second report");
    var restored = all().restore();
    assertThat(restored).hasSize(1);
    assertThat(restored.getFirst().state())
        .isEqualTo(new ContainerState.Exited(START, START, 3, true, ""));
  }

  @Test
  void whatIsNotStartedCanBeEndedOnAFullDisk() throws IOException {
    var container = created();
    Path folder = dir.resolve("containers").resolve(container.hex());
    Files.delete(folder.resolve("container.json"));
    Files.createDirectory(folder.resolve("container.json")); // in the way
    assertThat(container.endUnstarted(START, 137)).isTrue();
    assertThat(container.ended()).isTrue();
  }

  @Test
  void whatIsStoppedBeforeItsStartCannotBeStarted() throws IOException {
    var container = created();
    assertThat(container.endUnstarted(START, 137)).isTrue();
    assertThatThrownBy(() -> container.beginStart(START))
        .isInstanceOf(Refusal.FailedPrecondition.class);
  }

  @Test
  void whatIsBeingStartedIsNotEndedUnstarted() throws Exception {
    var container = created();
    container.beginStart(START);
    assertThat(container.endUnstarted(START, 137)).isFalse();
    assertThat(container.awaitStart(Duration.ZERO)).isFalse();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var waiter = threads.submit(() -> container.awaitStart(Duration.ofHours(1)));
      container.startSucceeded(PROCESS);
      assertThat(waiter.get()).isTrue();
    }
    assertThat(container.endUnstarted(START, 137)).as("it runs").isFalse();
  }

  @Test
  void endThatOvertakesTheStartKeepsTheStartTime() throws IOException {
    var container = created();
    container.beginStart(START);
    container.ended(START.plusMillis(3), 7, false, "");
    container.startSucceeded(PROCESS);
    assertThat(container.state())
        .isEqualTo(new ContainerState.Exited(START, START.plusMillis(3), 7, false, ""));
  }

  @Test
  void secondReportOfTheEndChangesNothing() throws IOException {
    var container = created();
    container.ended(START, 137, true, "");
    container.ended(START.plusSeconds(9), 0, false, "late");
    assertThat(container.state())
        .isEqualTo(new ContainerState.Exited(Instant.EPOCH, START, 137, true, ""));
  }

  @Test
  void endedContainerIsFoundAgainAfterRestart() throws IOException {
    var container = created();
    container.ended(START, 3, false, "");
    var restored = all().restore();
    assertThat(restored)
        .singleElement()
        .extracting(Container::record)
        .isEqualTo(container.record());
  }

  @Test
  void laterStopWithLessPatienceShortensTheWait() throws Exception {
    var container = created();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var patient =
          threads.submit(
              () -> container.awaitEnd(System.nanoTime() + Duration.ofHours(1).toNanos()));
      assertThat(container.awaitEnd(System.nanoTime())).isFalse();
      assertThat(patient.get()).isFalse();
    }
  }

  @Test
  void waitersLearnOfTheEnd() throws Exception {
    var container = created();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var waiter = threads.submit(() -> container.awaitEnd(Duration.ofHours(1)));
      container.ended(START, 0, false, "");
      assertThat(waiter.get()).isTrue();
    }
  }

  @Test
  void onlyRunningContainersCanBeReached() throws IOException {
    var container = created();
    assertThatThrownBy(container::requireRunning).isInstanceOf(Refusal.FailedPrecondition.class);
  }
}
