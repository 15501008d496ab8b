// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// What tests with real containers have in common: a monitor of its own for each of them, with crun
/// or with what a subclass names.
abstract class OnTestNode {
  static final Duration PATIENCE = Duration.ofSeconds(100);

  @TempDir Path folder;
  TestNode node;

  String runtime() {
    return "crun";
  }

  @BeforeEach
  final void startMonitor() throws Exception {
    assumeTrue(TestNode.CGROUP_V2 || runtime().equals("crun"), "runc needs cgroup v2 here");
    node = new TestNode(folder, runtime());
  }

  @AfterEach
  final void stopMonitor() throws Exception {
    if (node != null) {
      node.stop();
    }
  }

  /// Waits for what another process does and does not tell.
  static void await(String what, Callable<Boolean> holds) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!holds.call()) {
      assertThat(System.nanoTime()).as(what).isLessThan(deadline);
      Thread.sleep(20);
    }
  }

  /// Waits until a script in the container has made a file that is not empty.
  void awaitInside(String id, String file) throws Exception {
    String script = "until [ -s " + file + " ]; do sleep 1; done";
    assertThat(node.exec(id, PATIENCE, 100, script).exitCode()).isZero();
  }

  /// Tells the scripts in all containers, which wait for `/stop/NAME`.
  void tell(String name) throws Exception {
    Files.createFile(folder.resolve("rootfs/stop").resolve(name));
  }
}
