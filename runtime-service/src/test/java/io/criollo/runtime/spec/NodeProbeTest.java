// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NodeProbeTest {
  @Test
  void numbersAreReadWhole() throws Exception {
    var node = NodeProbe.read(ContainerDefaults.USUAL, 1);
    assertThat(node.lastCapability()).isBetween(37, 63);
    assertThat(node.onlineCpus().numbers().cardinality())
        .isGreaterThanOrEqualTo(Runtime.getRuntime().availableProcessors());
  }
}
