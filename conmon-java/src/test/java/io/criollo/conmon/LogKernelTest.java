// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conmon.oci.OciRuntime;
import io.criollo.conmon.protocol.ContainerStdio;
import io.criollo.conmon.protocol.LogLoss;
import io.criollo.conmon.protocol.LogPolicy;
import io.criollo.linux.Errno;
import io.criollo.linux.Fd;
import io.criollo.linux.Fifo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Logs with limits, and on file systems that are full or fail. With crun; [LogRuncKernelTest] does
/// the same with runc.
class LogKernelTest extends OnTestNode {
  private LogLoss loss(String id) throws Exception {
    return node.client.find(id).orElseThrow().loss();
  }

  private static List<String> lines(Path log) throws IOException {
    List<String> lines = TestNode.plain(log).lines().toList();
    assertThat(lines).allMatch(line -> line.matches("std(out|err) [PF] .*"));
    return lines;
  }

  /// {@return how many lines have an end} One that does not fit is there for a moment, up to where
  /// there was room.
  private static int ended(Path log) throws IOException {
    return (int) TestNode.plain(log).chars().filter(c -> c == '\n').count();
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
    tell("write");
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
      int before = ended(node.log(id));
      run("mount", "-o", "remount,size=8m", small.toString());
      tell("room");
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
      tell("failing");
      awaitInside(id, "/tmp/written");
      await("lines are refused", () -> loss(id).refused() > 0);
      run("umount", "-l", mounted.toString());
      node.client.reopenLog(id);
      tell("again");
      assertThat(node.nextExit().exitCode()).isEqualTo(5);
      assertThat(lines(node.log(id))).containsExactly("stdout F again");
    } finally {
      unmount(mounted);
    }
  }

  /// Each write(2) fails, the first one in the middle of an entry.
  @ParameterizedTest
  @ValueSource(ints = {Errno.EIO, Errno.ENOSPC})
  void writesThatFailHoldUpNobodyAndLaterLinesAreWhole(int errno) throws Exception {
    String id = node.newId();
    String script =
        "echo one; until [ -e /stop/failing ]; do :; done; seq 200000; echo > /tmp/written;"
            + " until [ -e /stop/mended ]; do :; done; seq 200001 200100; exit 4";
    try (FailingDisk disk = FailingDisk.mount(Files.createDirectories(node.log(id).getParent()))) {
      node.run(id, script);
      await("the first line", () -> lines(node.log(id)).equals(List.of("stdout F one")));
      disk.failAfter(1000, errno);
      tell("failing");
      awaitInside(id, "/tmp/written");
      await("all lines are refused", () -> disk.failures() > 0 && loss(id).refused() > 8_000_000);
      assertThat(Files.size(node.log(id))).isBetween(900L, 1100L);
      assertThat(lines(node.log(id))).startsWith("stdout F one", "stdout F 1", "stdout F 2");
      disk.mend();
      tell("mended");
      assertThat(node.nextExit().exitCode()).isEqualTo(4);
      List<String> lines = lines(node.log(id));
      for (int i = 0; i < 100; i++) {
        assertThat(lines.get(lines.size() - 100 + i)).isEqualTo("stdout F " + (200_001 + i));
      }
      node.client.forget(id);
    }
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
    tell("write");
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
