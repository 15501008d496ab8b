// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.conmon.client.MonitorException;
import io.criollo.conmon.client.Session;
import io.criollo.conmon.oci.OciRuntime;
import io.criollo.conmon.protocol.ContainerStdio;
import io.criollo.conmon.protocol.FailureKind;
import io.criollo.conmon.protocol.FdChannel;
import io.criollo.conmon.protocol.Frame;
import io.criollo.conmon.protocol.Stream;
import io.criollo.linux.UnixSockets;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Attach and streaming exec with crun; [SessionRuncKernelTest] does the same with runc.
class SessionKernelTest extends OnTestNode {
  /// Reads until `text` was seen, or to the end when it is empty.
  static String readUntil(Session session, Stream stream, String text) throws Exception {
    var seen = new StringBuilder();
    while (text.isEmpty() || !seen.toString().contains(text)) {
      Optional<Frame.Data> data = session.read();
      if (data.isEmpty()) {
        break;
      }
      if (data.get().stream() == stream) {
        seen.append(new String(data.get().bytes(), UTF_8));
      }
    }
    return seen.toString();
  }

  @Test
  void execTalksBothWaysAndEndsWithItsCode() throws Exception {
    String id = node.newId();
    node.run(id, "sleep 1000");
    try (Session session = node.execStream(id, false, "read x; echo got $x >&2; cat; exit 5")) {
      session.write("one\ntwo\n".getBytes(UTF_8));
      assertThat(readUntil(session, Stream.STDERR, "\n")).isEqualTo("got one\n");
      session.closeInput();
      assertThat(readUntil(session, Stream.STDOUT, "")).isEqualTo("two\n");
      assertThat(session.exitCode()).contains(5);
    }
  }

  @Test
  void muchInputAndOutputPassThroughAnExec() throws Exception {
    String id = node.newId();
    node.run(id, "sleep 1000");
    byte[] input = "0123456789abcdef".repeat(200_000).getBytes(UTF_8);
    try (Session session = node.execStream(id, false, "cat")) {
      Thread writer =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  session.write(input);
                  session.closeInput();
                } catch (MonitorException e) {
                  throw new IllegalStateException(e);
                }
              });
      assertThat(readUntil(session, Stream.STDOUT, "").getBytes(UTF_8)).isEqualTo(input);
      writer.join();
      assertThat(session.exitCode()).contains(0);
    }
  }

  @Test
  void anExecTerminalHasASizeAndIsHungUpWithItsUser() throws Exception {
    String id = node.newId();
    node.run(id, "sleep 1000");
    // a reader of the terminal would see its end before the signal comes, and the script would end
    String script =
        "trap 'echo up > /tmp/hup; exit' HUP; stty size; read x; stty size;"
            + " while :; do sleep 1; done";
    try (Session session = node.execStream(id, true, script)) {
      readUntil(session, Stream.STDOUT, "\n");
      session.resize(132, 43);
      session.write("go\n".getBytes(UTF_8));
      assertThat(readUntil(session, Stream.STDOUT, "43 132")).contains("43 132");
    }
    assertThat(awaitFileInContainer(id, "/tmp/hup")).isEqualTo("up\n");
  }

  @Test
  void anExecWithoutATerminalGetsSigpipeWhenItPrintsAfterItsUserHasLeft() throws Exception {
    String id = node.newId();
    node.run(id, "sleep 1000");
    String script =
        "trap 'echo pipe > /tmp/pipe; exit' PIPE; while :; do echo tick; sleep 0.1; done";
    try (Session session = node.execStream(id, false, script)) {
      readUntil(session, Stream.STDOUT, "tick\n");
    }
    assertThat(awaitFileInContainer(id, "/tmp/pipe")).isEqualTo("pipe\n");
    awaitNoExecs();
  }

  @Test
  void stuckInputHoldsUpNeitherResizeNorHangUp() throws Exception {
    String id = node.newId();
    node.run(id, "sleep 1000");
    String script =
        "stty raw -echo; trap 'stty size; echo resized' WINCH; trap 'echo up > /tmp/hung; exit'"
            + " HUP; echo ready; while :; do sleep 1; done";
    try (Session session = node.execStream(id, true, script)) {
      readUntil(session, Stream.STDOUT, "ready");
      Thread writer = writeForEver(session);
      session.resize(101, 31);
      assertThat(readUntil(session, Stream.STDOUT, "resized")).contains("31 101");
      assertThat(writer.isAlive()).isTrue();
    }
    assertThat(awaitFileInContainer(id, "/tmp/hung")).isEqualTo("up\n");
  }

  /// Until the session ends.
  private static Thread writeForEver(Session session) {
    return Thread.ofPlatform()
        .start(() -> {
          try {
            while (true) {
              session.write(new byte[32 << 10]);
            }
          } catch (MonitorException _) { // closed
            return;
          }
        });
  }

  @Test
  void attachedStuckInputHoldsUpNoHangUp() throws Exception {
    String id = node.newId();
    var stdio = new ContainerStdio(Optional.of(node.log(id)), false, true, false);
    node.run(id, stdio, "while :; do echo tick; sleep 1; done");
    long threads = threads();
    Thread writer;
    try (Session session = node.client.attach(id)) {
      writer = writeForEver(session);
      assertThat(readUntil(session, Stream.STDOUT, "tick\ntick\ntick")).contains("tick");
      assertThat(writer.isAlive()).as("nobody reads").isTrue();
    }
    writer.join();
    awaitThreads(threads);
  }

  /// `-Dcriollo.sessions=ROUNDS` for more of them, seven a round. Ten are enough for the kept
  /// descriptors to be sorted out.
  @Test
  @Timeout(1500)
  void sessionsLeaveNeitherDescriptorsNorThreads() throws Exception {
    String id = node.newId();
    var stdio = new ContainerStdio(Optional.of(node.log(id)), false, true, false);
    node.run(id, stdio, "while :; do sleep 1; done");
    badSessions(id);
    long threads = threads();
    long descriptors = descriptors();
    for (int round = 0; round < Integer.getInteger("criollo.sessions", 10); round++) {
      badSessions(id);
    }
    for (int i = 0; i < 20; i++) { // what is kept of them is sorted out now and then
      assertThat(node.exec(id, Duration.ofSeconds(60), 10, "true").exitCode()).isZero();
    }
    awaitThreads(threads);
    await("no more than " + descriptors + " descriptors", () -> descriptors() <= descriptors);
    awaitNoExecs();
  }

  private long descriptors() throws Exception {
    try (var fds = Files.list(Path.of("/proc/" + node.monitorPid() + "/fd"))) {
      return fds.count();
    }
  }

  private void badSessions(String id) throws Exception {
    node.client.attach(id).close();
    node.execStream(id, false, "seq 20000").close();
    node.execStream(id, true, "cat").close();
    assertThatThrownBy(() -> node.execStream("nobody", false, "true"))
        .isInstanceOf(MonitorException.class);
    assertThatThrownBy(() -> node.execProgram(id, "/no/such/program"))
        .isInstanceOf(MonitorException.class);
    assertThat(node.exec(id, Duration.ofSeconds(60), 10, "exit 6").exitCode()).isEqualTo(6);
    try (var channel = new FdChannel(UnixSockets.connect(node.settings.socket()))) {
      channel.write(ByteBuffer.wrap("GET / HTTP/1.1\r\n".getBytes(UTF_8)));
    }
  }

  private long threads() throws Exception {
    try (var tasks = Files.list(Path.of("/proc/" + node.monitorPid() + "/task"))) {
      return tasks.count();
    }
  }

  private void awaitThreads(long most) throws Exception {
    await("no more than " + most + " threads", () -> threads() <= most);
  }

  @Test
  void aSlowReaderOfAnExecIsHeldBackAndNeverCut() throws Exception {
    String id = node.newId();
    node.run(id, "sleep 1000");
    try (Session session =
        node.execStream(id, false, "seq 300000; echo written > /tmp/written; exit 4")) {
      assertThat(session.read()).isPresent();
      assertThat(
              new String(
                  node.exec(id, Duration.ofSeconds(30), 100, "cat /tmp/written; true").stdout(),
                  UTF_8))
          .as("the writer waits for its reader")
          .isEmpty();
      assertThat(readUntil(session, Stream.STDOUT, "")).endsWith("\n299999\n300000\n");
      assertThat(session.exitCode()).contains(4);
    }
  }

  @Test
  void aSlowReaderGetsWhatAnEndedExecHasWritten() throws Exception {
    String id = node.newId();
    node.run(id, "sleep 1000");
    // a line is written whole or not at all; each one that is written is noted
    String script =
        "echo $$ > /tmp/pid; i=0; while :; do i=$((i+1)); printf '%01000d\\n' $i;"
            + " echo $i > /tmp/last; done";
    try (Session session = node.execStream(id, false, script)) {
      String last = awaitFileInContainer(id, "/tmp/last");
      for (String before = ""; !last.equals(before); ) {
        before = last;
        last = printed(id, "sleep 1; cat /tmp/last");
      }
      assertThat(printed(id, "kill -9 $(cat /tmp/pid) && sleep 1 && echo ended"))
          .isEqualTo("ended\n");
      assertThat(readUntil(session, Stream.STDOUT, ""))
          .as("all that was written")
          .endsWith("0" + last);
      assertThat(session.exitCode()).contains(137);
    }
  }

  @Test
  void anExecLivesOnWithoutItsMonitorAndItsOutputIsDropped() throws Exception {
    String id = node.newId();
    node.run(id, "sleep 1000");
    String script =
        "echo ready; while [ ! -e /stop/go ]; do echo more; done; seq 50000; echo done >"
            + " /tmp/lived; exit 3";
    try (Session session = node.execStream(id, false, script)) {
      readUntil(session, Stream.STDOUT, "ready");
      long pid = node.monitorPid();
      node.killMonitor();
      assertThatThrownBy(() -> readUntil(session, Stream.STDOUT, ""))
          .isInstanceOfSatisfying(
              MonitorException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.UNAVAILABLE));
      MonitorKernelTest.awaitEnd(pid);
    }
    var _ = node.client.list();
    tell("go");
    assertThat(awaitFileInContainer(id, "/tmp/lived")).isEqualTo("done\n");
    awaitNoExecs();
  }

  @Test
  void aCollectedExecWhoseMonitorIsKilledIsAnErrorAndLeavesNoProcess() throws Exception {
    String id = node.newId();
    node.run(id, "sleep 1000");
    Thread killer =
        Thread.ofPlatform()
            .start(() -> {
              try {
                while (MonitorKernelTest.processes("sleep\0007654\0") < 3) {
                  Thread.sleep(20);
                }
                node.killMonitor();
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    assertThatThrownBy(() ->
            node.exec(
                id,
                Duration.ofSeconds(100),
                1000,
                "sleep 7654 & (sleep 7654 &); " + TestNode.farAway("sleep 7654") + "sleep 7654"))
        .isInstanceOfSatisfying(
            MonitorException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.UNAVAILABLE));
    killer.join();
    var _ = node.client.list();
    awaitNoExecs();
    assertThat(MonitorKernelTest.processes("sleep\0007654\0")).isZero();
    assertThat(MonitorKernelTest.processes("sleep\0001000\0")).isPositive();
    new OciRuntime(node.runtime).kill(id, 9, Duration.ofMinutes(1));
    assertThat(node.nextExit().exitCode()).isEqualTo(137);
    await("nothing is kept", () -> !Files.exists(node.settings.runDir().resolve("fdstore.pid")));
  }

  private void awaitNoExecs() throws Exception {
    Path execs = node.settings.runDir().resolve("exec");
    await(
        "no execs are left",
        () -> {
          try (var left = Files.list(execs)) {
            return left.findAny().isEmpty();
          }
        });
  }

  private String awaitFileInContainer(String id, String file) throws Exception {
    return printed(id, "until [ -s " + file + " ]; do sleep 1; done; cat " + file);
  }

  private String printed(String id, String script) throws Exception {
    return new String(node.exec(id, Duration.ofSeconds(60), 1000, script).stdout(), UTF_8);
  }

  @Test
  void manyMayAttachAndTheLogHasItAll() throws Exception {
    String id = node.newId();
    var stdio = new ContainerStdio(Optional.of(node.log(id)), false, true, false);
    node.run(id, stdio, "while read x; do echo you said $x; done");
    try (Session one = node.client.attach(id);
        Session two = node.client.attach(id)) {
      one.write("hello\n".getBytes(UTF_8));
      assertThat(readUntil(one, Stream.STDOUT, "\n")).isEqualTo("you said hello\n");
      assertThat(readUntil(two, Stream.STDOUT, "\n")).isEqualTo("you said hello\n");
    }
    try (Session three = node.client.attach(id)) {
      three.write("again\n".getBytes(UTF_8));
      assertThat(readUntil(three, Stream.STDOUT, "\n")).isEqualTo("you said again\n");
    }
    assertThat(TestNode.plain(node.log(id)))
        .isEqualTo("stdout F you said hello\nstdout F you said again\n");
  }

  private String catOnce() throws Exception {
    String id = node.newId();
    var stdio = new ContainerStdio(Optional.of(node.log(id)), false, true, true);
    node.run(id, stdio, "cat; exit 8");
    return id;
  }

  private static void assertAnswers(Session cat, String line) throws Exception {
    cat.write((line + "\n").getBytes(UTF_8));
    assertThat(readUntil(cat, Stream.STDOUT, "\n")).isEqualTo(line + "\n");
  }

  @Test
  void inputThatIsGivenOnceEndsWithTheFirstClient() throws Exception {
    String id = catOnce();
    try (Session session = node.client.attach(id)) {
      assertAnswers(session, "last words");
    }
    assertThat(node.nextExit().exitCode()).isEqualTo(8);
  }

  @Test
  void inputThatIsGivenOnceWaitsForAnotherClientWhenTheDaemonLeaves() throws Exception {
    String id = catOnce();
    try (Session session = node.client.attach(id)) {
      assertAnswers(session, "first");
      session.leave();
      assertThatThrownBy(session::read).isInstanceOf(MonitorException.class);
    }
    try (Session session = node.client.attach(id)) {
      assertAnswers(session, "second");
    }
    assertThat(node.nextExit().exitCode()).isEqualTo(8);
  }

  @Test
  void inputThatIsGivenOnceStaysOpenWhenTheMonitorIsKilled() throws Exception {
    String id = catOnce();
    try (Session session = node.client.attach(id)) {
      assertAnswers(session, "first");
      replaceMonitor();
    }
    try (Session session = node.client.attach(id)) {
      assertAnswers(session, "second");
    }
    assertThat(node.nextExit().exitCode()).isEqualTo(8);
  }

  @Test
  void inputThatHasEndedIsNotOpenedAgainByTheNextMonitor() throws Exception {
    String id = node.newId();
    var stdio = new ContainerStdio(Optional.of(node.log(id)), false, true, true);
    node.run(id, stdio, "until [ -e /stop/read ]; do :; done; cat; exit 8");
    node.client.attach(id).close();
    Path ended = node.settings.runDir().resolve("containers/" + id + "/monitor/stdin.ended");
    await("the input has ended", () -> Files.exists(ended));
    replaceMonitor();
    tell("read");
    assertThat(node.nextExit().exitCode()).isEqualTo(8);
  }

  private void replaceMonitor() throws Exception {
    long pid = node.monitorPid();
    node.killMonitor();
    MonitorKernelTest.awaitEnd(pid);
    var _ = node.client.list();
  }

  @Test
  void aTerminalIsNotHungUpWhenTheDaemonLeaves() throws Exception {
    String id = node.newId();
    node.run(id, "sleep 1000");
    String script =
        "trap 'echo hup >> /tmp/seen' HUP; echo ready; until [ -e /stop/"
            + id
            + " ]; do "
            + "echo more; sleep 0; done; stty size && echo end >> /tmp/seen";
    try (Session session = node.execStream(id, true, script)) {
      readUntil(session, Stream.STDOUT, "ready");
      session.leave();
    }
    tell(id);
    assertThat(awaitFileInContainer(id, "/tmp/seen")).isEqualTo("end\n");
    awaitNoExecs();
  }

  @Test
  void anAttachedClientThatFallsBehindIsToldSo() throws Exception {
    String id = node.newId();
    var stdio = new ContainerStdio(Optional.of(node.log(id)), false, true, false);
    node.run(id, stdio, "read x; seq 1000000; echo end; sleep 1000");
    try (Session slow = node.client.attach(id);
        Session other = node.client.attach(id)) {
      other.write("go\n".getBytes(UTF_8));
      await("all is logged", () -> Files.readString(node.log(id)).endsWith(" F end\n"));
      assertThatThrownBy(() -> readUntil(slow, Stream.STDOUT, ""))
          .isInstanceOf(MonitorException.class)
          .hasMessageContaining("more than 1 MiB");
    }
  }

  @Test
  void aContainerTerminalSurvivesTheMonitor() throws Exception {
    String id = node.newId();
    var stdio = new ContainerStdio(Optional.of(node.log(id)), true, true, false);
    node.run(id, stdio, "while read x; do echo [$x]; done");
    try (Session session = node.client.attach(id)) {
      session.resize(100, 30);
      session.write("before\n".getBytes(UTF_8));
      readUntil(session, Stream.STDOUT, "[before]\r\n");
      long pid = node.monitorPid();
      node.killMonitor();
      assertThatThrownBy(() -> readUntil(session, Stream.STDOUT, ""))
          .isInstanceOfSatisfying(
              MonitorException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.UNAVAILABLE));
      MonitorKernelTest.awaitEnd(pid);
    }
    try (Session session = node.client.attach(id)) {
      session.write("after\n".getBytes(UTF_8));
      assertThat(readUntil(session, Stream.STDOUT, "[after]\r\n")).contains("[after]");
    }
    assertThat(TestNode.plain(node.log(id)))
        .contains("stdout F [before]\r\n", "stdout F [after]\r\n");
  }

  @Test
  void aContainerTerminalSurvivesMonitorAndDaemon() throws Exception {
    String id = node.newId();
    var stdio = new ContainerStdio(Optional.of(node.log(id)), true, true, false);
    node.run(id, stdio, "while read x; do echo [$x]; done");
    long pid = node.monitorPid();
    node.client.close();
    node.killMonitor();
    MonitorKernelTest.awaitEnd(pid);
    node.client = node.connect(node.exits::add);
    try (Session session = node.client.attach(id)) {
      session.write("after\n".getBytes(UTF_8));
      assertThat(readUntil(session, Stream.STDOUT, "[after]\r\n")).contains("[after]");
    }
  }

  @Test
  void attachToAnEndedContainerIsRefused() throws Exception {
    String id = node.newId();
    node.run(id, "true");
    var _ = node.nextExit();
    assertThatThrownBy(() -> node.client.attach(id))
        .isInstanceOfSatisfying(
            MonitorException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.NOT_FOUND));
  }
}
