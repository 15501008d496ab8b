// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.ContainerEventResponse;
import io.criollo.cri.v1.ContainerEventType;
import io.criollo.cri.v1.ContainerState;
import io.criollo.cri.v1.GetEventsRequest;
import io.criollo.cri.v1.PodSandboxState;
import io.criollo.cri.v1.PodSandboxStatusRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class EventsIT {
  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static Iterator<ContainerEventResponse> subscribe() {
    return criollo
        .client()
        .runtime(PATIENCE)
        .getContainerEvents(GetEventsRequest.getDefaultInstance());
  }

  /// {@return the pod's events up to one of that kind for that object}
  private static List<ContainerEventResponse> until(
      Iterator<ContainerEventResponse> events, Pod pod, Predicate<ContainerEventResponse> last) {
    var found = new ArrayList<ContainerEventResponse>();
    while (events.hasNext()) {
      var event = events.next();
      if (event.getPodSandboxStatus().getId().equals(pod.id())) {
        found.add(event);
      }
      if (last.test(event)) {
        return found;
      }
    }
    throw new AssertionError("the stream has ended");
  }

  private static Predicate<ContainerEventResponse> is(String id, ContainerEventType type) {
    return event -> event.getContainerId().equals(id) && event.getContainerEventType().equals(type);
  }

  private static List<ContainerEventType> types(List<ContainerEventResponse> events, String id) {
    return events.stream()
        .filter(event -> event.getContainerId().equals(id))
        .map(ContainerEventResponse::getContainerEventType)
        .toList();
  }

  @Test
  void theWholeLifeOfAPodIsToldInOrder() throws Exception {
    var events = subscribe();
    Pod pod = criollo.pod("events");
    String id = pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "sh", "-c", "exit 3"));
    pod.awaitExit(id);
    pod.stop();
    pod.remove(id);
    pod.remove();

    var told = until(events, pod, is(pod.id(), ContainerEventType.CONTAINER_DELETED_EVENT));

    var life =
        List.of(
            ContainerEventType.CONTAINER_CREATED_EVENT,
            ContainerEventType.CONTAINER_STARTED_EVENT,
            ContainerEventType.CONTAINER_STOPPED_EVENT,
            ContainerEventType.CONTAINER_DELETED_EVENT);
    assertThat(types(told, pod.id())).isEqualTo(life);
    assertThat(types(told, id)).isEqualTo(life);
    assertThat(told)
        .isSortedAccordingTo((one, next) -> Long.compare(one.getCreatedAt(), next.getCreatedAt()));
    var end = told.stream().filter(is(id, ContainerEventType.CONTAINER_STOPPED_EVENT)).findFirst();
    assertThat(end.orElseThrow().getContainersStatuses(0).getExitCode()).isEqualTo(3);
    assertThat(end.orElseThrow().getContainersStatuses(0).getState())
        .isEqualTo(ContainerState.CONTAINER_EXITED);
    assertThat(told.getLast().getPodSandboxStatus().getState())
        .isEqualTo(PodSandboxState.SANDBOX_NOTREADY);
    assertThat(told.getLast().getPodSandboxStatus().getMetadata().getName()).isEqualTo("events");
  }

  @Test
  void anEndThatCameWhileTheDaemonWasAwayIsToldByTheNextOne() throws Exception {
    Pod pod = criollo.pod("away");
    String id =
        pod.createAndStart(
            Pod.container("a", TestImages.BUSYBOX, "sh", "-c", "while [ ! -e /go ]; do :; done"));
    var before = subscribe();
    // kill() closes the client first: its stream would not see how the daemon ends
    ProcessHandle.of(criollo.daemon().pid()).orElseThrow().destroyForcibly();
    assertThat(catchThrowable(() -> before.forEachRemaining(_ -> {})))
        .isInstanceOf(StatusRuntimeException.class);
    criollo.daemon().kill();
    var cgroup = pod.config().getLinux().getCgroupParent().substring(1) + "/criollo-" + id;
    Files.writeString(Path.of("/sys/fs/cgroup", cgroup, "cgroup.kill"), "1");
    criollo.startAgain();

    var told = until(subscribe(), pod, is(id, ContainerEventType.CONTAINER_STOPPED_EVENT));

    assertThat(told.getLast().getContainersStatuses(0).getExitCode()).isEqualTo(137);
  }

  @Test
  void aDaemonThatStopsEndsTheStreamAtOnce() throws Exception {
    var events = subscribe();
    Pod pod = criollo.pod("seen"); // the subscription is there
    until(events, pod, is(pod.id(), ContainerEventType.CONTAINER_CREATED_EVENT));

    ProcessHandle.of(criollo.daemon().pid()).orElseThrow().destroy();

    var failure = catchThrowable(() -> events.forEachRemaining(_ -> {}));
    assertThat(Status.fromThrowable(failure).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(failure).hasMessageContaining("the daemon is stopping");
    criollo.restart();
  }

  @Test
  void thePodsStatusHoldsThoseOfItsContainersAndATime() throws Exception {
    Pod pod = criollo.pod("status");
    String id = pod.create(Pod.container("a", TestImages.BUSYBOX, "sleep", "1000"));
    var status =
        criollo
            .client()
            .runtime()
            .podSandboxStatus(
                PodSandboxStatusRequest.newBuilder().setPodSandboxId(pod.id()).build());
    assertThat(status.getContainersStatusesList())
        .singleElement()
        .satisfies(one -> assertThat(one.getId()).isEqualTo(id));
    assertThat(status.getTimestamp()).isPositive();
  }
}
