// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.cri.v1.ContainerConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainersTest {
  @TempDir private Path dir = Path.of("");

  private Containers containers() {
    return new Containers(StateStore.containers(new Layout(dir, dir.resolve("run"), dir)));
  }

  private static ContainerRecord of(PodId pod, char digit) {
    var config = ContainerConfig.newBuilder();
    config.getMetadataBuilder().setName("" + digit);
    return TestRecords.container(
        new ContainerId(("" + digit).repeat(64)),
        pod,
        config.build(),
        Instant.EPOCH,
        new ContainerState.Created());
  }

  @Test
  void podsHaveTheirContainersByIdAlsoAfterARestart() throws IOException {
    var containers = containers();
    var pod = PodId.random();
    var c = containers.add(of(pod, 'c'));
    var a = containers.add(of(pod, 'a'));
    containers.add(of(PodId.random(), 'b'));
    assertThat(containers.of(pod)).containsExactly(a, c);

    containers.remove(c);
    assertThat(containers.of(pod)).containsExactly(a);
    var restored = containers();
    restored.restore();
    assertThat(restored.of(pod)).extracting(Container::id).containsExactly(a.id());

    containers.remove(a);
    assertThat(containers.of(pod)).isEmpty();
    assertThat(containers.all()).hasSize(1);
  }
}
