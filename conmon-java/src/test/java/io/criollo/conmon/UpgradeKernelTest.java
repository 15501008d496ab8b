// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.conmon.client.ExecResult;
import io.criollo.conmon.client.MonitorException;
import io.criollo.conmon.client.MonitorSettings;
import io.criollo.conmon.client.MonitorUpgrade;
import io.criollo.conmon.client.Session;
import io.criollo.conmon.protocol.ContainerStdio;
import io.criollo.conmon.protocol.ExitRecord;
import io.criollo.conmon.protocol.FailureKind;
import io.criollo.conmon.protocol.Stream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/// The monitor's program is replaced while it works. With crun; [UpgradeRuncKernelTest] does the
/// same with runc.
class UpgradeKernelTest extends OnTestNode {
  /// Another version shows by its command line.
  private long upgrade(String version) throws MonitorException {
    var launch = new ArrayList<String>(node.settings.launch());
    launch.add(1, "-Dversion=" + version);
    var old = node.settings;
    return MonitorUpgrade.run(
        new MonitorSettings(old.socket(), old.stateDir(), old.runDir(), launch));
  }

  private String version(long monitor) throws Exception {
    String[] words = Files.readString(Path.of("/proc/" + monitor + "/cmdline")).split("\0", -1);
    return words[1];
  }

  @Test
  void underLoadNoLineAndNoExitCodeIsLostAndTheProcessStays() throws Exception {
    var ids = List.of(node.newId(), node.newId(), node.newId());
    for (String id : ids) {
      node.run(id, "i=0; while [ ! -e /stop/" + id + " ]; do i=$((i+1)); echo $i; done; exit 7");
    }
    long monitor = node.monitorPid();
    var logs = new ArrayList<StringBuilder>();
    ids.forEach(_ -> logs.add(new StringBuilder()));
    for (int round = 0; round < 6; round++) {
      if (round % 2 == 0) {
        tell(ids.get(round / 2));
      }
      assertThat(upgrade("" + round)).isEqualTo(monitor);
      assertThat(version(monitor)).isEqualTo("-Dversion=" + round);
    }
    for (int i = 0; i < ids.size(); i++) {
      ExitRecord exit = node.nextExit();
      assertThat(exit.exitCode()).as(exit.reason()).isEqualTo(7);
    }
    for (String id : ids) {
      String log = Files.readString(node.log(id));
      MonitorKernelTest.assertNumbered(log, (int) log.lines().count());
    }
  }

  @Test
  void whoAsksMeanwhileJustWaits() throws Exception {
    String id = node.newId();
    node.run(id, "sleep 1000");
    var running =
        new FutureTask<ExecResult>(() ->
            node.exec(
                id,
                Duration.ofSeconds(60),
                100,
                "echo up > /tmp/up; until [ -e /stop/meanwhile ]; do :; done; echo done; exit 3"));
    Thread.ofPlatform().start(running);
    awaitInside(id, "/tmp/up");
    var upgrading = new FutureTask<Long>(() -> upgrade("next"));
    Thread.ofPlatform().start(upgrading);
    var asking = new FutureTask<Integer>(() -> node.client.list().size());
    Thread.ofPlatform().start(asking);
    tell("meanwhile");
    assertThat(running.get().exitCode()).isEqualTo(3);
    assertThat(new String(running.get().stdout(), UTF_8)).isEqualTo("done\n");
    assertThat(asking.get()).isEqualTo(1);
    assertThat(upgrading.get()).isEqualTo(node.monitorPid());
  }

  @Test
  void sessionsBreakTheirProcessesLiveOnAndTerminalsStay() throws Exception {
    String id = node.newId();
    var stdio = new ContainerStdio(Optional.of(node.log(id)), true, true, false);
    node.run(id, stdio, "while read x; do echo [$x]; done");
    try (Session attached = node.client.attach(id);
        Session exec =
            node.execStream(
                id,
                false,
                "echo ready; until [ -e /stop/go ]; do :; done; echo lived > /tmp/lived")) {
      assertThat(exec.read()).isPresent();
      upgrade("next");
      for (Session session : List.of(attached, exec)) {
        assertThatThrownBy(() -> SessionKernelTest.readUntil(session, Stream.STDOUT, ""))
            .isInstanceOfSatisfying(
                MonitorException.class,
                e -> assertThat(e.kind()).isEqualTo(FailureKind.UNAVAILABLE));
      }
    }
    tell("go");
    awaitInside(id, "/tmp/lived");
    try (Session session = node.client.attach(id)) {
      session.write("after\n".getBytes(UTF_8));
      assertThat(SessionKernelTest.readUntil(session, Stream.STDOUT, "[after]\r\n"))
          .contains("[after]");
    }
  }

  @Test
  void aProgramThatCannotBeExecutedLeavesTheOldOneAtWork() throws Exception {
    String id = node.newId();
    node.run(id, "while [ ! -e /stop/now ]; do :; done; exit 5");
    var old = node.settings;
    var none =
        new MonitorSettings(
            old.socket(), old.stateDir(), old.runDir(), List.of("/no/such/program"));
    assertThatThrownBy(() -> MonitorUpgrade.run(none))
        .isInstanceOf(MonitorException.class)
        .hasMessageContaining("/no/such/program: ENOENT");
    assertThat(node.client.list()).hasSize(1);
    tell("now");
    assertThat(node.nextExit().exitCode()).isEqualTo(5);
  }

  /// It ends at once; the daemon starts another, which takes over.
  @Test
  void aProgramThatDoesNotLiveLosesNothing() throws Exception {
    String id = node.newId();
    node.run(id, "i=0; while [ ! -e /stop/now ]; do i=$((i+1)); echo $i; done; exit 6");
    var old = node.settings;
    var bad =
        new MonitorSettings(old.socket(), old.stateDir(), old.runDir(), List.of("/bin/false"));
    assertThatThrownBy(() -> MonitorUpgrade.run(bad))
        .isInstanceOf(MonitorException.class)
        .hasMessageContaining("did not live");
    tell("now");
    ExitRecord exit = node.nextExit();
    assertThat(exit.exitCode()).as(exit.reason()).isEqualTo(6);
    String log = Files.readString(node.log(id));
    MonitorKernelTest.assertNumbered(log, (int) log.lines().count());
  }
}
