// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.cni.CniNetworks;
import io.criollo.cni.PodArguments;
import io.criollo.cni.PodAttachment;
import io.criollo.runtime.state.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class NetworkUpkeepTest {
  private static final String PLUGIN =
      """
      #!/bin/sh
      cat >/dev/null
      echo "$CNI_COMMAND $CNI_CONTAINERID" >>DIR/calls
      if [ $CNI_COMMAND = DEL ] && [ $(grep -c DEL DIR/calls) -lt 3 ]; then
        echo '{"code":11,"msg":"not now"}'
        exit 1
      fi
      test $CNI_COMMAND != ADD || echo '{"cniVersion":"1.0.0","ips":[{"address":"10.1.0.2/16"}]}'
      """;

  /// DEL and GC do not end before they are allowed to.
  private static final String STUCK =
      """
      #!/bin/sh
      cat >/dev/null
      echo "$CNI_COMMAND $CNI_CONTAINERID" >>DIR/calls
      case $CNI_COMMAND in
        ADD) echo '{"cniVersion":"1.1.0","ips":[{"address":"10.1.0.2/16"}]}' ;;
        DEL | GC) until test -e DIR/go; do sleep 0.02; done ;;
      esac
      """;

  @TempDir Path dir;
  private CniNetworks networks;

  @BeforeEach
  void oneNetwork() throws IOException {
    networks = FakeNetworks.in(dir, PLUGIN.replace("DIR", dir.toString()));
  }

  private static PodAttachment pod(String id) {
    return new PodAttachment(
        id, "ns", "pod", "u", Path.of("/proc/self/ns/net"), "eth0", PodArguments.NONE);
  }

  @Test
  void whatCannotBeDetachedIsTriedAgainUntilItIs() throws Exception {
    networks.defaultNetwork().add(pod("p1"));
    var unpinned = new ConcurrentLinkedQueue<String>();
    NetworkUpkeep.Namespaces namespaces =
        id -> {
          try (var notes = Files.list(dir.resolve("cache"))) {
            unpinned.add(id + " with " + notes.count() + " notes");
          }
        };
    try (var upkeep = new NetworkUpkeep(networks, namespaces, Duration.ofMillis(10))) {
      upkeep.detachLater(pod("p1"));
      upkeep.detachLater(pod("p1"));
      assertThat(upkeep.waits("p1")).isTrue();
      await(() -> !upkeep.waits("p1"));
    }
    assertThat(calls()).containsExactly("ADD p1", "DEL p1", "DEL p1", "DEL p1");
    assertThat(unpinned).containsExactly("p1 with 0 notes");
  }

  @Test
  void whatAnEarlierDaemonLeftIsDetachedWhileNobodyWaits() throws Exception {
    FakeNetworks.plugin(dir, "fake", STUCK.replace("DIR", dir.toString()));
    networks.defaultNetwork().add(pod("left"));
    networks.defaultNetwork().add(pod("needed"));
    networks.defaultNetwork().add(pod("unseen"));
    try (var upkeep = new NetworkUpkeep(networks, _ -> {}, Duration.ofMillis(10))) {
      var settings = new PodNetwork.Settings(true, List::of);
      var network = new PodNetwork(new Layout(dir, dir, dir), networks, upkeep, settings);
      network.restore(pod -> !pod.equals("left"), pod -> !pod.equals("unseen"));
      assertThat(upkeep.waits("left")).isTrue();
      await(() -> calls().contains("CHECK needed"));
      await(() -> calls().contains("DEL left"));

      Files.createFile(dir.resolve("go"));
      await(() -> !upkeep.waits("left"));
      await(() -> calls().contains("GC "));
    }
    assertThat(calls()).filteredOn(call -> call.startsWith("DEL")).containsExactly("DEL left");
    assertThat(calls()).doesNotContain("CHECK unseen");
    assertThat(networks.attachments())
        .extracting(PodAttachment::podId)
        .containsExactlyInAnyOrder("needed", "unseen");
  }

  @Test
  void attachedPodsAreChecked() throws Exception {
    networks.defaultNetwork().add(pod("p1"));
    try (var upkeep = new NetworkUpkeep(networks, _ -> {}, Duration.ofMillis(10))) {
      upkeep.check(List.of(pod("p1"), pod("p2")));
      await(() -> calls().contains("CHECK p1"));
    }
  }

  private List<String> calls() throws IOException {
    return Files.readAllLines(dir.resolve("calls"));
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void await(Condition condition) throws Exception {
    while (!condition.holds()) {
      Thread.sleep(10); // the test's time limit ends it
    }
  }
}
