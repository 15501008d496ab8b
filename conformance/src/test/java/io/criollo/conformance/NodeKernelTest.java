// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// What every other test on a node takes for granted.
class NodeKernelTest {
  private static final Path CGROUP = Path.of("/sys/fs/cgroup");

  @Test
  void everyControllerOfAPodIsEnabledForTheChildrenOfTheRoot() throws IOException {
    assertThat(Files.readString(CGROUP.resolve("cgroup.subtree_control")).strip().split(" "))
        .contains("cpuset", "cpu", "memory", "pids");
  }

  @Test
  void theNodesOwnProcessesAreInALeaf() throws IOException {
    assertThat(Files.readString(Path.of("/proc/self/cgroup"))).startsWith("0::/init");
  }

  @Test
  void packetsAreForwardedBetweenPods() throws IOException {
    assertThat(Files.readString(Path.of("/proc/sys/net/ipv4/ip_forward")).strip()).isEqualTo("1");
  }

  @Test
  void theScratchFolderIsOnAFileSystemForImages() throws IOException {
    Path scratch = Path.of(System.getenv("CRIOLLO_NODE_SCRATCH"));
    assertThat(Files.getFileStore(scratch).type()).isNotEqualTo("overlay");
    assertThat(Files.getFileStore(scratch).getUsableSpace()).isGreaterThan(4L << 30);
  }
}
