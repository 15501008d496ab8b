// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.cri.v1.PodSandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodsTest {
  @TempDir private Path dir = Path.of("");

  private Pods pods() {
    return new Pods(StateStore.pods(new Layout(dir, dir.resolve("run"), dir)));
  }

  private static PodRecord withId(String hex) {
    var pod = StateStoreTest.pod();
    return new PodRecord(
        new PodId(hex), pod.config(), "", pod.createdAt(), pod.place(), pod.state());
  }

  @Test
  void findsByIdAndByUnambiguousPrefix() throws IOException {
    var pods = pods();
    pods.add(withId("a".repeat(64)));
    pods.add(withId("ab" + "0".repeat(62)));
    assertThat(pods.find("ab")).isPresent();
    assertThat(pods.find("a")).as("ambiguous").isEmpty();
    assertThat(pods.find("a".repeat(64))).isPresent();
    for (var bad : new String[] {"", "b", "../etc", "a".repeat(65), "A", "x\0"}) {
      assertThat(pods.find(bad)).as(bad).isEmpty();
    }
  }

  @Test
  void saysWhichPodIsNotThere() {
    assertThatThrownBy(() -> pods().require("feed"))
        .isInstanceOf(Refusal.NotFound.class)
        .hasMessage("pod sandbox \"feed\" not found");
    assertThatThrownBy(() -> pods().require("")).isInstanceOf(Refusal.InvalidArgument.class);
  }

  @Test
  void restoredPodHoldsItsName() throws Exception {
    var pod = pods().add(StateStoreTest.pod());
    var again = pods();
    assertThat(again.restore()).hasSize(1);
    assertThat(again.names().claim(pod.name(), PodId::random)).isEqualTo(pod.id());
  }

  @Test
  void aPodEndsAlsoOnAFullDisk() throws IOException {
    var pods = pods();
    var pod = pods.add(StateStoreTest.pod());
    Path file = dir.resolve("pods").resolve(pod.hex()).resolve("pod.json");
    Files.delete(file);
    Files.createDirectory(file); // in the way
    pod.become(new PodState.Stopping());
    assertThat(pod.ready()).isFalse();
    pod.become(new PodState.Stopped());
    assertThat(pod.state()).isEqualTo(new PodState.Stopped());
  }

  @Test
  void removedPodIsGoneWithItsName() throws Exception {
    var pods = pods();
    var pod = pods.add(StateStoreTest.pod());
    pods.names().restore(pod.name(), pod.id());
    pods.remove(pod);
    assertThat(pods.all()).isEmpty();
    assertThat(pods().restore()).isEmpty();
    assertThat(pods.names().claim(pod.name(), PodId::random)).isNotEqualTo(pod.id());
  }

  @Test
  void stateOnlyGoesForward() throws IOException {
    var pod = pods().add(StateStoreTest.pod());
    pod.become(new PodState.Stopping());
    assertThatThrownBy(pod::requireReady).isInstanceOf(Refusal.FailedPrecondition.class);
    pod.become(new PodState.Stopped());
    pod.become(new PodState.Stopping());
    assertThat(pod.state()).isEqualTo(new PodState.Stopped());
    assertThat(pods().restore())
        .singleElement()
        .extracting(Pod::state)
        .isEqualTo(new PodState.Stopped());
  }

  @Test
  void itemIsMadeOncePerRecord() throws IOException {
    var pod = pods().add(StateStoreTest.pod());
    var made = new ArrayList<PodState>();
    Function<PodRecord, PodSandbox> make =
        record -> {
          made.add(record.state());
          return PodSandbox.newBuilder().setId(record.id().hex()).build();
        };
    var first = pod.item(make);
    assertThat(pod.item(make)).isSameAs(first);
    assertThat(PodSandbox.parseFrom(first).getId()).isEqualTo(pod.hex());

    pod.become(new PodState.Stopped());
    var _ = pod.item(make);
    assertThat(made).containsExactly(new PodState.Ready(), new PodState.Stopped());
  }
}
