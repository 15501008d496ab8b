// SPDX-License-Identifier: Apache-2.0
package io.criollo.linux.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.criollo.linux.Child;
import io.criollo.linux.KernelFeatures;
import io.criollo.linux.LinuxException;
import io.criollo.linux.Spawn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OpenCgroupsKernelTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final String TOP = "/criollo-open-" + ProcessHandle.current().pid();
  private static final String LEAF = TOP + "/leaf";

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

  private static Child sleeper() throws Exception {
    return Spawn.start(
        new Spawn.Launch(
            List.of("/bin/sleep", "100"),
            Map.of(),
            Optional.empty(),
            Map.of(),
            Spawn.Group.OWN_SESSION));
  }

  private static long descriptors() throws Exception {
    try (var open = Files.list(Path.of("/proc/self/fd"))) {
      return open.map(OpenCgroupsKernelTest::target)
          .filter(target -> target.startsWith("/sys/fs/cgroup" + TOP))
          .count();
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (java.io.IOException _) { // closed in between
      return "";
    }
  }

  private static String limit(OpenCgroups open) throws LinuxException {
    var read = new ArrayList<String>();
    boolean there = open.whileThere(LEAF, cgroup -> read.add(cgroup.read("pids.max").strip()));
    return there ? read.getLast() : "gone";
  }

  @Test
  void aCgroupStaysOpenAndIsReadAsItIsNow() throws Exception {
    try (var open = new OpenCgroups(driver, 1024)) {
      assertThat(limit(open)).isEqualTo("gone");
      var leaf = driver.create(LEAF);
      assertThat(limit(open)).isEqualTo("max");
      leaf.write("pids.max", "7");
      assertThat(limit(open)).isEqualTo("7");
      assertThat(descriptors()).as("its directory and the file").isEqualTo(2);

      leaf.remove(LONG);
      assertThat(limit(open)).isEqualTo("gone");
      assertThat(descriptors()).isZero();
      driver.create(LEAF);
      assertThat(limit(open)).as("another one of that name").isEqualTo("max");
      driver.at(LEAF).remove(LONG);
      driver.create(LEAF).write("pids.max", "9");
      assertThat(limit(open)).as("that replaced it unseen").isEqualTo("9");
    }
    assertThat(descriptors()).isZero();
  }

  @Test
  void whatNobodyAsksForIsClosed() throws Exception {
    driver.create(LEAF);
    try (var open = new OpenCgroups(driver, 1, Duration.ofMillis(50))) {
      assertThat(limit(open)).isEqualTo("max");
      long end = System.nanoTime() + LONG.toNanos();
      while (open.size() > 0) {
        assertThat(System.nanoTime()).as("it is closed in time").isLessThan(end);
        Thread.sleep(5);
      }
      assertThat(descriptors()).isZero();
      assertThat(limit(open)).isEqualTo("max");
    }
  }

  @Test
  void notMoreStayOpenThanTheLimitOfOpenFilesAllows() throws Exception {
    driver.create(LEAF);
    try (var open = new OpenCgroups(driver, 79)) {
      assertThat(limit(open)).isEqualTo("max");
      assertThat(open.whileThere(TOP, cgroup -> assertThat(cgroup.read("cgroup.procs")).isEmpty()))
          .isTrue();
      assertThat(open.whileThere(TOP + "/none", cgroup -> assertThat(cgroup).isNull())).isFalse();
      assertThat(open.size()).isEqualTo(1);
      assertThat(limit(open)).isEqualTo("max");
    }
  }

  @Test
  void processesAreCountedBelowWhateverComesAndGoesThere() throws Exception {
    driver.create(TOP);
    try (var open = OpenCgroup.open(driver.at(TOP));
        var one = sleeper();
        var other = sleeper()) {
      assertThat(open.processes()).isEmpty();
      driver.create(LEAF).add(one.pid());
      assertThat(open.processes()).containsExactly(one.pid());
      driver.create(TOP + "/b/c").add(other.pid());
      assertThat(open.processes()).containsExactlyInAnyOrder(one.pid(), other.pid());

      driver.create(TOP + "/b/d").add(other.pid());
      driver.at(TOP + "/b/c").remove(LONG); // as many as before
      assertThat(open.processes()).containsExactlyInAnyOrder(one.pid(), other.pid());
      driver.at(TOP).kill();
    }
  }
}
