// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conmon.Footprint.Memory;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the monitor may take; [Footprint] measures more of it.
class MemoryKernelTest {
  private static final int CONTAINERS = 40;

  /// Without a cache of loaded classes, which takes 5 MiB off.
  private static final long KIB = 32 << 10;

  @TempDir private Path folder;

  @Test
  void fortyContainersCostNoMoreThanAnIdleMonitorMay() throws Exception {
    var node = new TestNode(folder, "crun");
    for (int i = 0; i < CONTAINERS; i++) {
      node.run(node.newId(), "exec sleep 1000");
    }
    Memory memory = settled(node, KIB);
    System.out.println("MiB pss, rss, anonymous:" + memory);
    assertThat(memory.anonymous()).isLessThan(KIB);
    node.stop();
  }

  /// Free memory goes back to the kernel only every few seconds.
  private static Memory settled(TestNode node, long kib) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(40).toNanos();
    Memory memory = Memory.of(node.monitorPid());
    while (memory.anonymous() >= kib && System.nanoTime() < deadline) {
      Thread.sleep(500);
      memory = Memory.of(node.monitorPid());
    }
    return memory;
  }
}
