// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.criollo.conmon.oci.OciRuntime;
import io.criollo.conmon.protocol.ContainerStdio;
import io.criollo.conmon.protocol.LogLoss;
import io.criollo.conmon.protocol.LogPolicy;
import io.criollo.linux.Fd;
import io.criollo.linux.Fifo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Logs with limits, and on file systems that are full or fail. With crun; [LogRuncKernelTest] does
/// the same with runc.
class LogKernelTest {
  private static final Duration PATIENCE = Duration.ofSeconds(100);

  @TempDir Path folder;
  TestNode node;

  String runtime() {
    return "crun";
  }

  @BeforeEach
  void startMonitor() throws Exception {
    assumeTrue(TestNode.CGROUP_V2 || runtime().equals("crun"), "runc needs cgroup v2 here");
    node = new TestNode(folder, runtime());
  }

  @AfterEach
  void stopMonitor() throws Exception {
    if (node != null) {
      node.stop();
    }
  }

  private static void await(String what, Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime()).as(what).isLessThan(deadline);
      Thread.sleep(20);
    }
  }

  private LogLoss loss(String id) throws Exception {
    return node.client.find(id).orElseThrow().loss();
  }

  private static List<String> lines(Path log) throws IOException {
    List<String> lines = TestNode.plain(log).lines().toList();
    assertThat(lines).allMatch(line -> line.matches("std(out|err) [PF] .*"));
    return lines;
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
  }

  @Test
  void aLogNeverExceedsItsLimitAndEndsWithTheLastLines() throws Exception {
    String id = node.newId();
    var policy = new LogPolicy(64 << 10, false, Optional.empty());
    node.run(id, ContainerStdio.logged(node.log(id), policy), "seq 100000; exit 3");
    long most = 0;
    while (node.exits.isEmpty()) {
      most = Math.max(most, Files.size(node.log(id)));
    }
    assertThat(node.nextExit().exitCode()).isEqualTo(3);
    assertThat(Math.max(most, Files.size(node.log(id)))).isLessThanOrEqualTo(64 << 10);
    List<String> lines = lines(node.log(id));
    for (int i = 0; i < lines.size(); i++) {
      assertThat(lines.get(i)).isEqualTo("stdout F " + (100_000 - lines.size() + 1 + i));
    }
    assertThat(loss(id)).isEqualTo(LogLoss.NONE);
  }

  /// The monitor is stopped until the container's pipe is full.
  @Test
  void linesAreDroppedAndCountedWhereThatIsWanted() throws Exception {
    String id = node.newId();
    var policy = new LogPolicy(0, true, Optional.empty());
    String script = "until [ -e /stop/write ]; do :; done; seq 400000; exit 3";
    node.run(id, ContainerStdio.logged(node.log(id), policy), script);
    String monitor = Long.toString(node.monitorPid());
    run("kill", "-STOP", monitor);
    Files.createFile(folder.resolve("rootfs/stop/write"));
    Path fifo = node.settings.runDir().resolve("containers/" + id + "/monitor/stdout");
    try (Fd stdout = Fifo.openBoth(fifo)) {
      await("a full pipe", () -> !stdout.writable());
    }
    run("kill", "-CONT", monitor);
    assertThat(node.nextExit().exitCode()).isEqualTo(3);
    long logged = 0;
    long last = 0;
    for (String line : lines(node.log(id))) {
      String text = line.substring("stdout F ".length());
      assertThat(Long.parseLong(text)).isGreaterThan(last);
      last = Long.parseLong(text);
      logged += text.length() + 1;
    }
    assertThat(loss(id).dropped()).isPositive();
    assertThat(logged + loss(id).dropped()).isEqualTo(2_688_895);
  }

  @Test
  void aFullFileSystemHoldsUpNobodyAndLaterLinesAreWhole() throws Exception {
    String id = node.newId();
    Path small = Files.createDirectories(node.log(id).getParent());
    run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", small.toString());
    try {
      String script =
          "seq 200000; echo > /tmp/written; until [ -e /stop/room ]; do :; done; seq 200001 200100;"
              + " exit 4";
      node.run(id, script);
      awaitInside(id, "/tmp/written");
      await("lines are refused", () -> loss(id).refused() > 0);
      int before = lines(node.log(id)).size();
      run("mount", "-o", "remount,size=8m", small.toString());
      Files.createFile(folder.resolve("rootfs/stop/room"));
      assertThat(node.nextExit().exitCode()).isEqualTo(4);
      List<String> lines = lines(node.log(id));
      assertThat(lines).hasSizeGreaterThanOrEqualTo(before + 100);
      for (int i = 0; i < 100; i++) {
        assertThat(lines.get(lines.size() - 100 + i)).isEqualTo("stdout F " + (200_001 + i));
      }
    } finally {
      unmount(small);
    }
  }

  /// ext4 that was told to behave as after an error of its device.
  @Test
  void aFileSystemThatFailsHoldsUpNobodyAndANewLogIsWhole() throws Exception {
    String id = node.newId();
    Path disk = folder.resolve("disk");
    Path mounted = Files.createDirectories(node.log(id).getParent());
    run("truncate", "-s", "8M", disk.toString());
    run("mkfs.ext4", "-q", disk.toString());
    run("mount", "-o", "loop,errors=continue", disk.toString(), mounted.toString());
    try {
      String script =
          "echo one; until [ -e /stop/failing ]; do :; done; seq 200000; echo > /tmp/written; until [ -e"
              + " /stop/again ]; do :; done; echo again; exit 5";
      node.run(id, script);
      await("the first line", () -> lines(node.log(id)).equals(List.of("stdout F one")));
      run("mount", "-o", "remount,abort", mounted.toString());
      Files.createFile(folder.resolve("rootfs/stop/failing"));
      awaitInside(id, "/tmp/written");
      await("lines are refused", () -> loss(id).refused() > 0);
      run("umount", "-l", mounted.toString());
      node.client.reopenLog(id);
      Files.createFile(folder.resolve("rootfs/stop/again"));
      assertThat(node.nextExit().exitCode()).isEqualTo(5);
      assertThat(lines(node.log(id))).containsExactly("stdout F again");
    } finally {
      unmount(mounted);
    }
  }

  private void awaitInside(String id, String file) throws Exception {
    String script = "until [ -e " + file + " ]; do sleep 1; done";
    assertThat(node.exec(id, PATIENCE, 100, script).exitCode()).isZero();
  }

  private static void unmount(Path mounted) throws Exception {
    if (Files.readString(Path.of("/proc/self/mountinfo")).contains(" " + mounted + " ")) {
      run("umount", "-l", mounted.toString());
    }
  }

  @Test
  void aWorkloadIsHeldBackButNotKilledWhileNobodyLogs() throws Exception {
    String id = node.newId();
    node.run(id, "until [ -e /stop/write ]; do :; done; seq 400000; exit 6");
    String monitor = Long.toString(node.monitorPid());
    run("kill", "-STOP", monitor);
    Files.createFile(folder.resolve("rootfs/stop/write"));
    Path fifo = node.settings.runDir().resolve("containers/" + id + "/monitor/stdout");
    try (Fd stdout = Fifo.openBoth(fifo)) {
      await("a full pipe", () -> !stdout.writable());
    }
    run("kill", "-CONT", monitor);
    assertThat(node.nextExit().exitCode()).isEqualTo(6);
    MonitorKernelTest.assertNumbered(Files.readString(node.log(id)), 400_000);
    new OciRuntime(node.runtime).delete(id, true);
  }
}
