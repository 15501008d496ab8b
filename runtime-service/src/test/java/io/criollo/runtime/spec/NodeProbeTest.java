// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeProbeTest {
  @Test
  void numbersAreReadWhole() throws Exception {
    var node = NodeProbe.read(ContainerDefaults.USUAL, 1);
    assertThat(node.lastCapability()).isBetween(37, 63);
    assertThat(node.onlineCpus().get().numbers().cardinality())
        .isGreaterThanOrEqualTo(Runtime.getRuntime().availableProcessors());
  }

  @Test
  void whatCameOnlineLaterIsFound(@TempDir Path dir) throws Exception {
    var file = Files.writeString(dir.resolve("online"), "0-1\n");
    var cpus = NodeProbe.list(file);
    assertThat(cpus.get()).isEqualTo(new CpuList("0-1"));
    Files.writeString(file, "0-3\n");
    assertThat(cpus.get()).isEqualTo(new CpuList("0-3"));
    Files.delete(file);
    assertThat(cpus.get()).as("memory nodes of a kernel without NUMA").isEqualTo(new CpuList("0"));
  }
}
