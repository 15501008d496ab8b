// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.cri.v1.PodSandboxState;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@AnyRuntime
class ReloadIT {
  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  private static long reloads() throws IOException {
    try (var lines = Files.lines(criollo.node().daemonLog())) {
      return lines.filter(line -> line.contains("configuration read again")).count();
    }
  }

  @Test
  void aHangupReadsTheConfigurationAgainAndEndsNothing() throws Exception {
    Pod pod = criollo.pod("hangup");
    long before = reloads();
    long pid = criollo.daemon().pid();

    for (int i = 1; i <= 2; i++) {
      long wanted = before + i;
      Command.run("kill", "-HUP", Long.toString(pid));
      Patience.await("the log tells it", Duration.ofSeconds(30), () -> reloads() >= wanted);
    }

    assertThat(ProcessHandle.of(pid)).isPresent();
    assertThat(pod.status().getState()).isEqualTo(PodSandboxState.SANDBOX_READY);
  }
}
