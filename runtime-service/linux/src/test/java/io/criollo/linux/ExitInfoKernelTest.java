// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

@SuppressWarnings("try") // closing early is what is tested
class ExitInfoKernelTest {
  private static Child start(String script) throws Exception {
    return Spawn.start(
        new Spawn.Launch(
            List.of("/bin/sh", "-c", script),
            Map.of("PATH", "/usr/bin:/bin"),
            Optional.empty(),
            Map.of(),
            Spawn.Group.OWN_SESSION));
  }

  @Test
  void exitCodesAreToldOfReapedProcesses() throws Exception {
    assumeTrue(KernelFeatures.running().pidfdExitInfo(), "PIDFD_INFO_EXIT needs Linux 6.15");
    try (var child = start("exit 42");
        var watcher = PidFd.open(child.pid())) {
      assertThat(watcher.ended(Duration.ofSeconds(20))).isTrue();
      assertThat(watcher.exitInfo()).isEmpty();
      assertThat(child.waitExit()).isEqualTo(new ExitStatus(42, 0));
      assertThat(watcher.exitInfo()).contains(new ExitStatus(42, 0));
    }
  }

  @Test
  void signalsAreToldOfReapedProcesses() throws Exception {
    assumeTrue(KernelFeatures.running().pidfdExitInfo(), "PIDFD_INFO_EXIT needs Linux 6.15");
    try (var child = start("exec sleep 100");
        var watcher = PidFd.open(child.pid())) {
      assertThat(watcher.alive()).isTrue();
      assertThat(watcher.exitInfo()).isEmpty();
      assertThat(watcher.signal(Signals.SIGTERM)).isTrue();
      assertThat(child.waitExit(Duration.ofSeconds(20)))
          .contains(new ExitStatus(0, Signals.SIGTERM));
      assertThat(watcher.exitInfo()).contains(new ExitStatus(0, Signals.SIGTERM));
      assertThat(watcher.signal(Signals.SIGTERM)).isFalse();
      assertThat(watcher.alive()).isFalse();
    }
  }

  @Test
  void aGroupIsSignalledAfterItsLeaderWasReaped() throws Exception {
    assumeTrue(
        KernelFeatures.running().atLeast(6, 9), "PIDFD_SIGNAL_PROCESS_GROUP needs Linux 6.9");
    var pipe = Fd.pipe();
    try (var out = pipe[0];
        var in = pipe[1]) {
      var argv = List.of("/bin/sh", "-c", "sleep 100 & exit 0");
      var launch =
          new Spawn.Launch(argv, Map.of(), Optional.empty(), Map.of(1, in), Spawn.Group.OWN_GROUP);
      try (var child = Spawn.start(launch)) {
        assertThat(child.waitExit().exitCode()).isZero();
        in.close();
        assertThat(child.pidFd().signalGroup(Signals.SIGKILL)).isTrue();
        assertThat(out.read(java.nio.ByteBuffer.allocateDirect(1))).isEqualTo(-1);
        assertThat(child.pidFd().signal(Signals.SIGKILL)).isFalse();
      }
    }
  }

  @Test
  void waitingWithATimeoutGivesUp() throws Exception {
    try (var child = start("exec sleep 100")) {
      assertThat(child.waitExit(Duration.ofMillis(50))).isEmpty();
      child.signalGroup(Signals.SIGKILL);
      assertThat(child.waitExit().exitCode()).isEqualTo(137);
    }
  }
}
