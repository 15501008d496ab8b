// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.conmon.client.MonitorException;
import io.criollo.conmon.protocol.FailureKind;
import io.criollo.runtime.state.Container;
import io.criollo.runtime.state.ContainerId;
import io.criollo.runtime.state.ContainerState;
import io.criollo.runtime.state.Containers;
import io.criollo.runtime.state.Layout;
import io.criollo.runtime.state.LiveProcess;
import io.criollo.runtime.state.Refusal;
import io.criollo.runtime.state.StateStore;
import io.criollo.runtime.state.TestRecords;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WhileItRunsTest {
  @TempDir private Path dir = Path.of("");

  private Container container() throws IOException {
    var now = Instant.parse("2026-11-23T12:00:00Z");
    var layout = new Layout(dir, dir.resolve("run"), dir.resolve("logs"));
    var state = new ContainerState.Running(new LiveProcess(1, 2), now);
    return new Containers(StateStore.containers(layout))
        .add(TestRecords.container(ContainerId.random(), now, state));
  }

  @Test
  void whatTheMonitorDoesNotKnowAnyMoreIsKnownButHasEnded() throws Exception {
    var container = container();
    assertThatThrownBy(() -> failing(container, FailureKind.NOT_FOUND))
        .isInstanceOf(Refusal.FailedPrecondition.class)
        .hasMessageContaining(container.hex());
  }

  @Test
  void allElseIsAsTheMonitorSays() throws Exception {
    var container = container();
    assertThatThrownBy(() -> failing(container, FailureKind.TIMEOUT))
        .isInstanceOf(MonitorException.class);
    assertThat(WhileItRuns.ask(container, () -> 7)).isEqualTo(7);
  }

  private static void failing(Container container, FailureKind kind) throws MonitorException {
    var _ =
        WhileItRuns.ask(
            container,
            () -> {
              throw new MonitorException(kind, "no");
            });
  }
}
