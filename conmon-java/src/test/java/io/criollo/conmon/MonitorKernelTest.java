// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.conmon.client.ExecResult;
import io.criollo.conmon.client.MonitorClient;
import io.criollo.conmon.client.MonitorException;
import io.criollo.conmon.oci.OciRuntime;
import io.criollo.conmon.protocol.CreatedProcess;
import io.criollo.conmon.protocol.ExitRecord;
import io.criollo.conmon.protocol.FailureKind;
import io.criollo.linux.PidFd;
import io.criollo.linux.PidFdMount;
import io.criollo.linux.cgroup.Cgroup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// With crun; [MonitorRuncKernelTest] does the same with runc.
class MonitorKernelTest extends OnTestNode {
  @Test
  void outputIsInTheLogBeforeTheExitIsTold() throws Exception {
    String id = node.newId();
    node.run(id, "echo out; echo err >&2; printf tail; exit 3");
    ExitRecord exit = node.nextExit();
    assertThat(exit.containerId()).isEqualTo(id);
    assertThat(exit.exitCode()).isEqualTo(3);
    assertThat(exit.oomKilled()).isFalse();
    assertThat(Duration.between(exit.at(), Instant.now())).isLessThan(Duration.ofSeconds(20));
    assertThat(TestNode.plain(node.log(id)))
        .contains("stdout F out\n", "stdout P tail\n", "stderr F err\n");
    assertThat(node.client.exit(id)).contains(exit);
  }

  @Test
  void aSignalGives128AndItsNumber() throws Exception {
    String id = node.newId();
    CreatedProcess process = node.run(id, "echo up; while :; do sleep 1; done");
    assertThat(PidFd.startTime(process.pid())).isEqualTo(process.startTime());
    new OciRuntime(node.runtime).kill(id, 9, Duration.ofMinutes(1));
    assertThat(node.nextExit().exitCode()).isEqualTo(137);
  }

  @Test
  void theRuntimesOwnWordsComeWithAFailedCreate() throws Exception {
    String id = node.newId();
    assertThatThrownBy(() -> node.client.create(node.request(id, "/no/such/program")))
        .isInstanceOfSatisfying(
            MonitorException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(FailureKind.RUNTIME);
              assertThat(e).hasMessageContaining("/no/such/program");
            });
    assertThat(node.client.list()).isEmpty();
    assertThat(node.settings.runDir().resolve("containers/" + id + "/monitor")).doesNotExist();
  }

  @Test
  void execGivesBothStreamsAndTheCode() throws Exception {
    String id = node.newId();
    node.run(id, "sleep 1000");
    ExecResult result =
        node.exec(id, Duration.ofSeconds(30), 1 << 20, "echo out; echo err >&2; exit 7");
    assertThat(new String(result.stdout(), UTF_8)).isEqualTo("out\n");
    assertThat(new String(result.stderr(), UTF_8)).isEqualTo("err\n");
    assertThat(result.exitCode()).isEqualTo(7);
  }

  @Test
  void execKeepsTheLimitAndDrainsTheRest() throws Exception {
    String id = node.newId();
    node.run(id, "sleep 1000");
    ExecResult result =
        node.exec(id, Duration.ofSeconds(30), 1000, "yes | head -c 3000000; echo done >&2");
    assertThat(result.stdout()).hasSize(1000);
    assertThat(new String(result.stderr(), UTF_8)).isEqualTo("done\n");
  }

  @Test
  void execTimeoutKillsTheWholeTree() throws Exception {
    String id = node.newId();
    node.run(id, "sleep 1000");
    assertThatThrownBy(() ->
            node.exec(
                id,
                Duration.ofSeconds(2),
                1000,
                "sleep 4321 & (sleep 4321 &); " + TestNode.farAway("sleep 4321") + "sleep 4321"))
        .isInstanceOfSatisfying(
            MonitorException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.TIMEOUT));
    assertThat(processes("sleep\0004321\0")).isZero();
    assertNoCgroupsBelow(id);
    assertThat(processes("sleep\0001000\0")).isPositive();
  }

  @Test
  @Timeout(120)
  void execIsKilledWithWhatItStartedWhenItsCallerLeaves() throws Exception {
    String id = node.newId();
    node.run(id, "sleep 1000");
    for (var timeout : List.of(Duration.ZERO, Duration.ofMinutes(5))) {
      var task =
          new FutureTask<>(() -> node.exec(id, timeout, 1000, "sleep 5432 & echo x; sleep 5432"));
      var caller = Thread.ofVirtual().start(task);
      while (processes("sleep\0005432\0") < 2) {
        Thread.sleep(1);
      }

      caller.interrupt();

      assertThatThrownBy(task::get).hasMessageContaining("the caller has left");
      while (processes("sleep\0005432\0") > 0) {
        Thread.sleep(1);
      }
    }
    assertThat(processes("sleep\0001000\0")).isPositive();
  }

  private void assertNoCgroupsBelow(String id) throws Exception {
    if (TestNode.CGROUP_V2) {
      assertThat(new Cgroup(node.cgroup(id)).children()).isEmpty();
    }
  }

  static long processes(String commandLine) {
    return ProcessHandle.allProcesses()
        .filter(p -> {
          try {
            return Files.readString(Path.of("/proc/" + p.pid() + "/cmdline")).endsWith(commandLine);
          } catch (java.io.IOException _) {
            return false;
          }
        })
        .count();
  }

  @Test
  void execDoesNotWaitForAChildThatKeepsItsOutputOpen() throws Exception {
    String id = node.newId();
    node.run(id, "sleep 1000");
    ExecResult result = node.exec(id, Duration.ofSeconds(60), 1000, "sleep 3210 & echo started");
    assertThat(processes("sleep\0003210\0")).as("the child still has it open").isEqualTo(1);
    assertThat(new String(result.stdout(), UTF_8)).isEqualTo("started\n");
    assertNoCgroupsBelow(id);
  }

  @Test
  void execOfAMissingProgramOrContainerSaysSo() throws Exception {
    String id = node.newId();
    node.run(id, "sleep 1000");
    Path json = Files.writeString(folder.resolve("p.json"), TestNode.process("/no/such/program"));
    var request =
        new io.criollo.conmon.protocol.ExecRequest(id, node.runtime, json, Duration.ZERO, 100);
    assertThatThrownBy(() -> ExecResult.of(node.client, request))
        .hasMessageContaining("/no/such/program")
        .isInstanceOfSatisfying(
            MonitorException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.RUNTIME));
    assertThatThrownBy(() -> node.exec("nobody", Duration.ZERO, 1, "true"))
        .isInstanceOfSatisfying(
            MonitorException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.NOT_FOUND));
  }

  @Test
  void reopenedLogExistsAtOnceAndNothingIsLost() throws Exception {
    String id = node.newId();
    node.run(
        id,
        "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); echo $i; done; while [ ! -e /stop/rotated ]; do"
            + " :; done");
    var logs = new StringBuilder();
    for (int round = 0; round < 20; round++) {
      Path old = folder.resolve("old." + round);
      Files.move(node.log(id), old);
      node.client.reopenLog(id);
      assertThat(node.log(id)).exists();
      logs.append(Files.readString(old));
    }
    tell("rotated");
    assertThat(node.nextExit().exitCode()).isZero();
    logs.append(Files.readString(node.log(id)));
    assertNumbered(logs.toString(), 20_000);
  }

  static void assertNumbered(String log, int count) {
    long expected = 0;
    for (String line : log.lines().toList()) {
      expected++;
      assertThat(line.substring(30)).isEqualTo(" stdout F " + expected);
    }
    assertThat(expected).isEqualTo(count);
  }

  @Test
  void reopenOfAnEndedContainerIsRefusedAndMakesNoFile() throws Exception {
    String id = node.newId();
    node.run(id, "true");
    var _ = node.nextExit();
    Files.delete(node.log(id));
    assertThatThrownBy(() -> node.client.reopenLog(id)).isInstanceOf(MonitorException.class);
    assertThat(node.log(id)).doesNotExist();
  }

  @Test
  void exitsWhileTheDaemonIsAwayAreToldToTheNextOne() throws Exception {
    String first = node.newId();
    String second = node.newId();
    node.run(first, "while [ ! -e /stop/first ]; do :; done; exit 4");
    node.run(second, "while [ ! -e /stop/second ]; do :; done; exit 5");
    node.client.close();
    tell("first");
    awaitExitFile(first);
    tell("second");
    awaitExitFile(second);
    assertThat(node.exits).isEmpty();
    node.client = node.connect(node.exits::add);
    assertThat(node.nextExit().exitCode()).isEqualTo(4);
    assertThat(node.nextExit().exitCode()).isEqualTo(5);
    await(
        "the exit is taken",
        () -> Files.exists(node.settings.stateDir().resolve("taken").resolve(second)));
    node.client.close();
    BlockingQueue<ExitRecord> again = new LinkedBlockingQueue<>();
    node.client = node.connect(again::add);
    String third = node.newId();
    node.run(third, "exit 6");
    assertThat(again.take().containerId()).as("taken exits are not told twice").isEqualTo(third);
  }

  private void awaitExitFile(String id) throws Exception {
    await(
        "the exit is kept",
        () -> Files.exists(node.settings.stateDir().resolve("exits").resolve(id)));
  }

  @Test
  void aMonitorThatIsKilledWhileItStartsIsStartedAgain() throws Exception {
    Path other = Files.createDirectory(folder.resolve("other"));
    Path killed = other.resolve("killed");
    String script = "[ -e \"$0\" ] || { touch \"$0\"; kill -KILL $$; }; exec \"$@\"";
    var launch = new ArrayList<String>(List.of("/bin/sh", "-c", script, killed.toString()));
    launch.addAll(node.settings.launch());

    var second = new TestNode(other, runtime(), launch);
    try {
      assertThat(killed).exists();
      assertThat(second.client.list()).isEmpty();
    } finally {
      second.stop();
    }
  }

  @Test
  void aKilledMonitorIsReplacedAndNothingIsLost() throws Exception {
    String id = node.newId();
    node.run(id, "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); echo $i; done; exit 9");
    for (int round = 0; round < 5; round++) {
      long pid = node.monitorPid();
      node.killMonitor();
      awaitEnd(pid);
      node.client.list();
    }
    ExitRecord exit = node.nextExit();
    assertThat(exit.exitCode()).as(exit.reason()).isEqualTo(9);
    assertNumbered(Files.readString(node.log(id)), 100_000);
  }

  static void awaitEnd(long pid) throws Exception {
    try (PidFd process = PidFd.open(pid)) {
      assertThat(process.ended(Duration.ofSeconds(20))).isTrue();
    } catch (io.criollo.linux.LinuxException e) {
      assertThat(e.errno()).isEqualTo(io.criollo.linux.Errno.ESRCH);
    }
  }

  @Test
  void anExitWhileBothAreDeadIsStillKnownAndSoAreTheLastWords() throws Exception {
    String id = node.newId();
    CreatedProcess process =
        node.run(id, "while [ ! -e /stop/%s ]; do :; done; seq 5000; exit 11".formatted(id));
    endMonitor();
    assertEndIsKnown(id, process);
  }

  @Test
  void aContainerThatAMonitorHadNoTimeToNoteSurvivesTheNextTwo() throws Exception {
    String id = node.newId();
    CreatedProcess process =
        node.run(id, "while [ ! -e /stop/%s ]; do :; done; seq 5000; exit 11".formatted(id));
    endMonitor();
    ContainerFolder folder = ContainerFolder.of(node.settings.runDir(), id);
    PidFdMount.unpin(folder.pidFd());
    Files.delete(folder.process().saved()); // as if it had died a moment earlier
    node.client = node.connect(node.exits::add);
    assertThat(node.client.runs(id)).isTrue();
    endMonitor();
    assertEndIsKnown(id, process);
  }

  /// Of a container that ends when it is told to, without a monitor.
  private void assertEndIsKnown(String id, CreatedProcess process) throws Exception {
    tell(id);
    awaitEnd(process.pid());
    node.client = node.connect(node.exits::add);
    ExitRecord exit = node.nextExit();
    assertThat(exit.exitCode()).as(exit.reason()).isEqualTo(11);
    assertNumbered(Files.readString(node.log(id)), 5000);
  }

  private void endMonitor() throws Exception {
    long monitor = node.monitorPid();
    node.client.close();
    node.killMonitor();
    awaitEnd(monitor);
  }

  @Test
  void whatIsKeptForContainersEndsWithThem() throws Exception {
    String first = node.newId();
    String second = node.newId();
    node.run(first, "exec sleep 1000");
    long sleeper = sleeper();
    ProcessHandle.of(sleeper).orElseThrow().destroyForcibly();
    awaitEnd(sleeper);
    node.run(second, "exec sleep 1000");
    for (String id : List.of(first, second)) {
      new OciRuntime(node.runtime).kill(id, 9, Duration.ofMinutes(1));
      assertThat(node.nextExit().exitCode()).isEqualTo(137);
    }
    await( // an exit is told before the clearing up
        "nothing is kept", () -> !Files.exists(node.settings.runDir().resolve("fdstore.pid")));
  }

  private long sleeper() throws Exception {
    String text = Files.readString(node.settings.runDir().resolve("fdstore.pid"));
    return Long.parseLong(text.substring(0, text.indexOf(' ')));
  }

  @Test
  void forgettingLeavesNothing() throws Exception {
    String id = node.newId();
    node.run(id, "exit 0");
    var _ = node.nextExit();
    node.remove(id);
    node.client.forget(id);
    node.client.forget(id);
    assertThat(node.client.list()).isEmpty();
    assertThat(node.settings.runDir().resolve("containers/" + id + "/monitor")).doesNotExist();
    assertThat(node.settings.stateDir().resolve("exits")).isEmptyDirectory();
    assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(id);
  }

  @Test
  void twoClientsOfOneMonitorWorkSideBySide() throws Exception {
    try (MonitorClient other = node.connect(_ -> {})) {
      String id = node.newId();
      node.run(id, "exit 2");
      var _ = node.nextExit();
      assertThat(other.exit(id)).map(ExitRecord::exitCode).contains(2);
    }
  }
}
