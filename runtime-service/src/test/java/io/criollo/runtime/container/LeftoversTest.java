// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.runtime.state.Container;
import io.criollo.runtime.state.ContainerId;
import io.criollo.runtime.state.ContainerState;
import io.criollo.runtime.state.Containers;
import io.criollo.runtime.state.Layout;
import io.criollo.runtime.state.PodId;
import io.criollo.runtime.state.StateStore;
import io.criollo.runtime.state.TestRecords;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftoversTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  @TempDir private Path dir = Path.of("");

  private Container container() throws IOException {
    var layout = new Layout(dir, dir.resolve("run"), dir.resolve("logs"));
    var state = new ContainerState.Exited(NOW, NOW, 0, false, "");
    return new Containers(StateStore.containers(layout))
        .add(TestRecords.container(ContainerId.random(), NOW, state));
  }

  @Test
  void onlyTheRemovalOfThePodWaits() throws Exception {
    var gate = new CountDownLatch(1);
    List<String> removed = new CopyOnWriteArrayList<>();
    var leftovers =
        new Leftovers(container -> {
          gate.await();
          removed.add(container.hex());
        });
    var container = container();

    leftovers.remove(container);
    leftovers.finish(PodId.random());
    assertThat(removed).as("of another pod").isEmpty();

    var finish = new FutureTask<>(() -> finished(leftovers, container));
    Thread.ofVirtual().start(finish);
    gate.countDown();
    assertThat(finish.get()).isTrue();
    assertThat(removed).containsExactly(container.hex());
  }

  private static boolean finished(Leftovers leftovers, Container container) throws Exception {
    leftovers.finish(container.pod());
    return true;
  }

  @Test
  void theRemovalOfThePodTriesAgainWhatFailedAndSaysWhy() throws Exception {
    var broken = new AtomicBoolean(true);
    List<String> removed = new CopyOnWriteArrayList<>();
    var leftovers =
        new Leftovers(container -> {
          if (broken.get()) {
            throw new IOException("the runtime hangs");
          }
          removed.add(container.hex());
        });
    var container = container();

    leftovers.remove(container);

    assertThatThrownBy(() -> leftovers.finish(container.pod())).hasMessage("the runtime hangs");
    broken.set(false);
    leftovers.finish(container.pod());
    leftovers.finish(container.pod());
    assertThat(removed).as("once").containsExactly(container.hex());
  }
}
