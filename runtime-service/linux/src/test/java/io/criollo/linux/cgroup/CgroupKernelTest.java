// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.criollo.linux.Child;
import io.criollo.linux.KernelFeatures;
import io.criollo.linux.Spawn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CgroupKernelTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final String TOP = "/criollo-test-" + ProcessHandle.current().pid();

  private Cgroupfs driver;

  @BeforeEach
  void openHierarchy() throws Exception {
    assumeTrue(KernelFeatures.running().cgroupV2(), "cgroup v2 at /sys/fs/cgroup");
    driver = Cgroupfs.open();
  }

  @AfterEach
  void removeAll() throws Exception {
    if (driver != null && driver.at(TOP).exists()) {
      driver.at(TOP).kill();
      driver.at(TOP).remove(LONG);
    }
  }

  private static Child sh(String script) throws Exception {
    return Spawn.start(
        new Spawn.Launch(
            List.of("/bin/sh", "-c", script),
            Map.of("PATH", "/usr/bin:/bin"),
            Optional.empty(),
            Map.of(),
            Spawn.Group.OWN_SESSION));
  }

  @Test
  void controllersAreEnabledAllTheWayDown() throws Exception {
    var leaf = driver.create(TOP + "/pod/container");
    assertThat(leaf.read("cgroup.controllers").strip().split(" "))
        .contains("cpu", "memory", "pids");
    leaf.write("memory.max", "16777216");
    leaf.write("pids.max", "100");
    leaf.write("cpu.max", "50000 100000");
    assertThat(leaf.number("memory.max")).hasValue(16777216);
    assertThat(leaf.number("memory.high")).isEmpty();
    assertThat(driver.create(TOP + "/pod/container")).isEqualTo(leaf);
    assertThat(leaf.pids().max()).hasValue(100);
    assertThat(leaf.memory().anon()).isZero();
    assertThat(leaf.memoryEvents().oomKill()).isZero();
    assertThat(leaf.io()).isNotNull();
    assertThat(leaf.pressure("cpu").some().totalMicros()).isGreaterThanOrEqualTo(0);
  }

  @Test
  void killEndsAllAndRemoveWaitsForThem() throws Exception {
    var top = driver.create(TOP);
    var leaf = driver.create(TOP + "/a/b");
    try (var child = sh("sleep 100 & sleep 100 & wait")) {
      leaf.add(child.pid());
      assertThat(leaf.procs()).contains(child.pid());
      assertThat(top.populated()).isTrue();
      assertThatThrownBy(() -> top.remove(Duration.ofMillis(50))).hasMessageContaining("EBUSY");
      assertThat(leaf.freeze(LONG)).isTrue();
      leaf.thaw();
      top.kill();
      assertThat(child.waitExit().exitCode()).isEqualTo(137);
      top.remove(LONG);
      assertThat(top.exists()).isFalse();
      top.remove(LONG);
      top.kill();
      assertThat(top.awaitEmpty(LONG)).isTrue();
    }
  }

  @Test
  void oomKillsAreCounted() throws Exception {
    var leaf = driver.create(TOP + "/oom");
    leaf.write("memory.max", "4194304");
    leaf.write("memory.swap.max", "0");
    try (var child =
        sh("read _ < /dev/null; kill -STOP $$; x=$(head -c 50000000 /dev/zero | tr '\\0' x)")) {
      leaf.add(child.pid());
      var _ = child.pidFd().signal(io.criollo.linux.Signals.SIGCONT);
      assertThat(continued(child, leaf)).isTrue();
    }
    assertThat(leaf.memoryEvents().oomKill()).isPositive();
    assertThat(leaf.cpu().usageMicros()).isPositive();
  }

  /// The shell stops itself, before or after our first SIGCONT.
  private static boolean continued(Child child, Cgroup leaf) throws Exception {
    for (var i = 0; i < 200; i++) {
      var _ = child.pidFd().signal(io.criollo.linux.Signals.SIGCONT);
      if (child.waitExit(Duration.ofMillis(100)).isPresent()) {
        return true;
      }
    }
    leaf.kill();
    return child.waitExit().signal() != 0;
  }

  @Test
  void severalFilesChangeTogetherOrNotAtAll() throws Exception {
    var leaf = driver.create(TOP + "/limits");
    var first = new LinkedHashMap<String, String>();
    first.put("cpu.max", "50000 100000");
    first.put("cpuset.cpus", "0");
    first.put("pids.max", "7");
    var update = CgroupUpdate.write(leaf, first);
    assertThat(leaf.read("cpu.max")).isEqualTo("50000 100000\n");
    assertThat(leaf.read("cpuset.cpus")).isEqualTo("0\n");

    var second = new LinkedHashMap<String, String>();
    second.put("cpu.max", "max 100000");
    second.put("cpuset.cpus", "");
    second.put("pids.max", "many");
    assertThatThrownBy(() -> CgroupUpdate.write(leaf, second)).hasMessageContaining("pids.max");
    assertThat(leaf.read("cpu.max")).isEqualTo("50000 100000\n");
    assertThat(leaf.read("cpuset.cpus")).isEqualTo("0\n");
    assertThat(leaf.read("pids.max")).isEqualTo("7\n");

    update.undo();
    assertThat(leaf.read("cpu.max")).isEqualTo("max 100000\n");
    assertThat(leaf.read("cpuset.cpus").strip()).isEmpty();
    assertThat(leaf.read("pids.max")).isEqualTo("max\n");
  }

  @Test
  void aFileThatCannotBeReadBackIsNotChanged() throws Exception {
    var leaf = driver.create(TOP + "/limits");
    var values = new LinkedHashMap<String, String>();
    values.put("pids.max", "7");
    values.put("memory.reclaim", "4096");
    assertThatThrownBy(() -> CgroupUpdate.write(leaf, values)).hasMessageContaining("reclaim");
    assertThat(leaf.read("pids.max")).isEqualTo("max\n");
  }

  @Test
  void missingFilesAreExplained() throws Exception {
    var leaf = driver.create(TOP);
    assertThatThrownBy(() -> leaf.read("no.such"))
        .hasMessage(
            "read "
                + leaf.path()
                + "/no.such: ENOENT (no such file: controller off, or kernel too old)");
    assertThatThrownBy(() -> leaf.read("../cgroup.procs")).hasMessageContaining("EXDEV");
  }

  @Test
  void anotherFileSystemIsRefused() {
    assertThatThrownBy(() -> Cgroupfs.open(Path.of("/proc")))
        .hasMessage(
            "use cgroups at /proc: ENODEV (cgroup v2 is not mounted there; version 1 is not"
                + " supported)");
    assertThat(Files.exists(Path.of("/proc" + TOP))).isFalse();
  }
}
