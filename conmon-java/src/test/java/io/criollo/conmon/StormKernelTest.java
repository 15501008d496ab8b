// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conmon.protocol.ExitRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Many writers, and deaths of monitor and daemon at random moments, alone and together.
/// `-Dcriollo.storm=CONTAINERS,DEATHS` for more of both.
class StormKernelTest {
  private static final int[] SIZE =
      List.of(System.getProperty("criollo.storm", "8,12").split(",", 2)).stream()
          .mapToInt(Integer::parseInt)
          .toArray();
  private static final int LINES = 30_000;

  @TempDir private Path folder;
  private final Random random = new Random(20261121);
  private final List<String> ids = new ArrayList<>();
  private final HashMap<String, Integer> rotations = new HashMap<>();

  @Test
  void noLineIsLostOrDoubledAndEveryExitCodeIsRight() throws Exception {
    var node = new TestNode(folder, "crun");
    for (int i = 0; i < SIZE[0]; i++) {
      String id = node.newId();
      ids.add(id);
      node.run(id, writer(i));
    }
    for (int death = 0; death < SIZE[1]; death++) {
      Thread.sleep(random.nextInt(600));
      kill(node, death % 3);
      rotate(node);
    }
    var codes = new HashMap<String, Integer>();
    while (codes.size() < ids.size()) {
      ExitRecord exit = node.nextExit(Duration.ofSeconds(150));
      assertThat(exit.reason()).isEmpty();
      codes.put(exit.containerId(), exit.exitCode());
    }
    for (int i = 0; i < ids.size(); i++) {
      assertThat(codes).containsEntry(ids.get(i), i % 100 + 1);
      MonitorKernelTest.assertNumbered(logs(node, ids.get(i)), LINES);
    }
    node.stop();
  }

  private static String writer(int i) {
    return "i=0; while [ $i -lt %d ]; do i=$((i+1)); echo $i; done; sleep 3; exit %d"
        .formatted(LINES, i % 100 + 1);
  }

  private static void kill(TestNode node, int who) throws Exception {
    if (who != 0) {
      node.client.close(); // what the kernel does for a killed daemon
    }
    if (who != 1) {
      node.killMonitor();
    }
    if (who != 0) {
      node.client = node.connect(node.exits::add);
    }
  }

  private void rotate(TestNode node) throws Exception {
    String id = ids.get(random.nextInt(ids.size()));
    if (node.client.exit(id).isPresent()) {
      return;
    }
    int number = rotations.merge(id, 1, Integer::sum);
    Files.move(node.log(id), node.log(id + "." + number));
    node.client.reopenLog(id);
    assertThat(node.log(id)).exists();
  }

  private String logs(TestNode node, String id) throws Exception {
    var text = new StringBuilder();
    for (int number = 1; number <= rotations.getOrDefault(id, 0); number++) {
      text.append(Files.readString(node.log(id + "." + number)));
    }
    return text.append(Files.readString(node.log(id))).toString();
  }
}
