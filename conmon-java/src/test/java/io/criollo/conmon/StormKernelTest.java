// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// `-Dcriollo.storm=CONTAINERS,DEATHS,SEED` for more; [StormRuncKernelTest] does the same with
/// runc.
class StormKernelTest {
  private static final String[] SIZE =
      System.getProperty("criollo.storm", "10,6,20261121").split(",", 3);

  String runtime() {
    return "crun";
  }

  @Test
  @Timeout(1500)
  void noLineIsLostOrDoubledAndEveryExitCodeIsRight() throws Exception {
    assumeTrue(TestNode.CGROUP_V2 || runtime().equals("crun"), "runc needs cgroup v2 here");
    Path scratch =
        Path.of(Optional.ofNullable(System.getenv("CRIOLLO_NODE_SCRATCH")).orElse("/tmp"));
    var node = new TestNode(Files.createTempDirectory(scratch, "storm"), runtime());
    var storm = new Storm(node, Long.parseLong(SIZE[2]));
    storm.begin(Integer.parseInt(SIZE[0]));
    storm.rage(Integer.parseInt(SIZE[1]));
    storm.calm();
    node.client = node.connect(node.exits::add);
    node.stop();
  }
}
