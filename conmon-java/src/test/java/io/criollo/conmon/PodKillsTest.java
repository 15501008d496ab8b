// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodKillsTest {
  @TempDir private Path pod = Path.of("");

  private static void count(Path cgroup, int kills) throws IOException {
    Files.createDirectories(cgroup);
    Files.writeString(cgroup.resolve("memory.events"), "oom 9\noom_kill " + kills + "\n");
  }

  @Test
  void whatThePodCountsBeyondThoseThereHasVanished() throws Exception {
    count(pod, 5);
    count(pod.resolve("a"), 2);
    count(pod.resolve("b"), 0);
    assertThat(PodKills.read(pod)).contains(new PodKills(3, Set.of("a", "b")));
  }

  @Test
  void ofACgroupThatDoesNotCountNothingIsTold() throws Exception {
    count(pod, 5);
    Files.createDirectory(pod.resolve("a"));
    assertThat(PodKills.read(pod)).isEmpty();
  }

  @Test
  void whatHasMoreBelowItThanAPodTellsNothing() throws Exception {
    count(pod, 5);
    for (int i = 0; i <= PodKills.MOST; i++) {
      assertThat(PodKills.read(pod)).isPresent();
      count(pod.resolve("a" + i), 0);
    }
    assertThat(PodKills.read(pod)).isEmpty();
  }

  @Test
  void onlyTheOneThatHasGoneAloneIsBlamed() {
    var before = new PodKills(1, Set.of("a", "b"));
    assertThat(new PodKills(2, Set.of("b")).blame("a", before)).isTrue();
    assertThat(new PodKills(1, Set.of("b")).blame("a", before)).as("no kill").isFalse();
    assertThat(new PodKills(2, Set.of("a", "b")).blame("a", before)).as("it is there").isFalse();
    assertThat(new PodKills(2, Set.of()).blame("a", before)).as("it may be b's").isFalse();
    assertThat(new PodKills(2, Set.of("b", "c")).blame("a", before)).as("c counts").isTrue();
  }
}
