// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.cri.v1.ContainerConfig;
import io.criollo.cri.v1.ContainerEventResponse;
import io.criollo.cri.v1.ContainerEventType;
import io.criollo.cri.v1.ContainerState;
import io.criollo.cri.v1.ContainerStatus;
import io.criollo.cri.v1.PodSandboxConfig;
import io.criollo.cri.v1.PodSandboxState;
import io.criollo.runtime.state.Container;
import io.criollo.runtime.state.ContainerId;
import io.criollo.runtime.state.ContainerState.Created;
import io.criollo.runtime.state.Containers;
import io.criollo.runtime.state.Layout;
import io.criollo.runtime.state.LiveProcess;
import io.criollo.runtime.state.Pod;
import io.criollo.runtime.state.PodId;
import io.criollo.runtime.state.PodPlace;
import io.criollo.runtime.state.PodRecord;
import io.criollo.runtime.state.PodState;
import io.criollo.runtime.state.Pods;
import io.criollo.runtime.state.Refusal;
import io.criollo.runtime.state.StateStore;
import io.criollo.runtime.state.TestRecords;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerEventsTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  @TempDir private Path dir = Path.of("");
  private Instant time = NOW;
  private Pods pods = noPods();
  private Containers containers = noContainers();
  private ContainerEvents events = noEvents();

  @BeforeEach
  void listen() {
    pods = noPods();
    containers = noContainers();
    events = noEvents();
    pods.listen(events);
    containers.listen(events);
  }

  private Pods noPods() {
    return new Pods(StateStore.pods(layout()));
  }

  private Containers noContainers() {
    return new Containers(StateStore.containers(layout()));
  }

  private ContainerEvents noEvents() {
    return new ContainerEvents(pods, containers, new TestClock());
  }

  private Layout layout() {
    return new Layout(
        dir.toAbsolutePath(), dir.resolve("run").toAbsolutePath(), dir.resolve("logs"));
  }

  private final class TestClock extends Clock {
    @Override
    public Instant instant() {
      return time;
    }

    @Override
    public ZoneOffset getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(java.time.ZoneId zone) {
      return this;
    }
  }

  private Pod pod() throws IOException {
    var place = new PodPlace("web", List.of("10.0.0.2"), "/p", "");
    return pods.add(
        new PodRecord(
            PodId.random(),
            PodSandboxConfig.getDefaultInstance(),
            "",
            NOW,
            place,
            new PodState.Ready()));
  }

  private Container container(PodId pod) throws IOException {
    return containers.add(
        TestRecords.container(
            ContainerId.random(), pod, ContainerConfig.getDefaultInstance(), NOW, new Created()));
  }

  private static List<ContainerEventResponse> take(Subscription from, int count)
      throws InterruptedException {
    var taken = new ArrayList<ContainerEventResponse>();
    for (int i = 0; i < count; i++) {
      taken.add(from.next().orElseThrow());
    }
    return taken;
  }

  private static List<String> told(List<ContainerEventResponse> events) {
    return events.stream()
        .map(event ->
            event.getContainerId().substring(0, 4)
                + event.getContainerEventType().name().replaceAll("CONTAINER|EVENT|_", " "))
        .map(text -> text.replaceAll(" +", " ").strip())
        .toList();
  }

  @Test
  void aLifeIsToldInOrderWithThePodAsItWasThen() throws Exception {
    try (var subscription = events.subscribe()) {
      var pod = pod();
      var container = container(pod.id());
      container.beginStart(NOW);
      container.startSucceeded(new LiveProcess(1, 2));
      container.ended(NOW, 3, false, "");
      pod.become(new PodState.Stopping());
      pod.become(new PodState.Stopped());
      containers.remove(container);
      pods.remove(pod);

      var all = take(subscription, 8);
      var p = pod.hex().substring(0, 4);
      var c = container.hex().substring(0, 4);
      assertThat(told(all))
          .containsExactly(
              p + " CREATED",
              p + " STARTED",
              c + " CREATED",
              c + " STARTED",
              c + " STOPPED",
              p + " STOPPED",
              c + " DELETED",
              p + " DELETED");
      assertThat(all).allSatisfy(e -> assertThat(e.getCreatedAt()).isPositive());
      assertThat(all).allSatisfy(e -> assertThat(e.getPodSandboxStatus().getId()).hasSize(64));
      assertThat(states(all.get(0))).isEmpty();
      assertThat(states(all.get(2))).containsExactly(ContainerState.CONTAINER_CREATED);
      assertThat(states(all.get(3))).containsExactly(ContainerState.CONTAINER_RUNNING);
      assertThat(states(all.get(4))).containsExactly(ContainerState.CONTAINER_EXITED);
      assertThat(all.get(4).getContainersStatuses(0).getExitCode()).isEqualTo(3);
      assertThat(all.get(4).getPodSandboxStatus().getState())
          .isEqualTo(PodSandboxState.SANDBOX_READY);
      assertThat(all.get(5).getPodSandboxStatus().getState())
          .isEqualTo(PodSandboxState.SANDBOX_NOTREADY);
      assertThat(states(all.get(6))).isEmpty();
    }
  }

  @Test
  void aPodThatIsLostHasStoppedOnce() throws Exception {
    var pod = pod();
    pod.lost();
    pod.lost();
    pod.become(new PodState.Stopped());
    pods.remove(pod);
    try (var subscription = events.subscribe()) {
      assertThat(take(subscription, 4))
          .extracting(ContainerEventResponse::getContainerEventType)
          .containsExactly(
              ContainerEventType.CONTAINER_CREATED_EVENT,
              ContainerEventType.CONTAINER_STARTED_EVENT,
              ContainerEventType.CONTAINER_STOPPED_EVENT,
              ContainerEventType.CONTAINER_DELETED_EVENT);
    }
  }

  private static List<ContainerState> states(ContainerEventResponse event) {
    return event.getContainersStatusesList().stream().map(ContainerStatus::getState).toList();
  }

  @Test
  void anEndThatOvertakesTheStartIsToldAfterIt() throws Exception {
    try (var subscription = events.subscribe()) {
      var container = container(PodId.random());
      container.beginStart(NOW);
      container.ended(NOW, 0, false, "");
      container.startSucceeded(new LiveProcess(1, 2));
      assertThat(take(subscription, 3))
          .extracting(ContainerEventResponse::getContainerEventType)
          .containsExactly(
              ContainerEventType.CONTAINER_CREATED_EVENT,
              ContainerEventType.CONTAINER_STARTED_EVENT,
              ContainerEventType.CONTAINER_STOPPED_EVENT);
    }
  }

  @Test
  void whoComesSoonAfterTheStartMissesNothing() throws Exception {
    var pod = pod();
    try (var first = events.subscribe();
        var second = events.subscribe()) {
      assertThat(told(take(first, 2))).isEqualTo(told(take(second, 2)));
    }
    time = NOW.plus(Duration.ofHours(1));
    try (var late = events.subscribe()) {
      pod.become(new PodState.Stopped());
      assertThat(told(take(late, 1))).containsExactly(pod.hex().substring(0, 4) + " STOPPED");
    }
  }

  @Test
  void whoReadsTooSlowlyIsToldToListAgain() throws Exception {
    var pod = pod();
    var slow = events.subscribe();
    var quick = events.subscribe();
    take(quick, 2);
    for (int i = 0; i < 20_000; i++) {
      events.pod(io.criollo.runtime.state.Changes.Kind.STARTED, pod.record());
      assertThat(quick.next()).isPresent();
    }
    assertThatThrownBy(slow::next)
        .isInstanceOf(Refusal.ResourceExhausted.class)
        .hasMessageContaining("list everything and subscribe again");
    slow.close();
    quick.close();
  }

  @Test
  void leavingAndStoppingEndTheWait() throws Exception {
    var gone = events.subscribe();
    try (var threads = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
      var waiting = threads.submit(gone::next);
      gone.close();
      assertThat(waiting.get()).isEmpty();
    }
    var told = events.subscribe();
    events.close();
    assertThatThrownBy(told::next).isInstanceOf(Refusal.Unavailable.class);
    assertThatThrownBy(events::subscribe).isInstanceOf(Refusal.Unavailable.class);
  }

  @Test
  void thereAreSomeSubscribersButNotAnyNumber() {
    var all = IntStream.range(0, 64).mapToObj(_ -> events.subscribe()).toList();
    assertThatThrownBy(events::subscribe).isInstanceOf(Refusal.ResourceExhausted.class);
    all.getFirst().close();
    events.subscribe().close();
    all.forEach(Subscription::close);
  }
}
