// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conmon.io.EventLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Folders stand for cgroups; containers whose own is gone before it is watched.
class OomWatchesTest {
  @TempDir private Path dir = Path.of("");
  private Path pod;
  private EventLoop loop;
  private OomWatches watches;

  @BeforeEach
  void makePod() throws IOException {
    pod = dir.resolve("pod");
    loop = EventLoop.start();
    watches = new OomWatches(loop);
    count(pod, 0);
  }

  private static void count(Path cgroup, int kills) throws IOException {
    Files.createDirectories(cgroup);
    Files.writeString(cgroup.resolve("memory.events"), "low 0\noom 7\noom_kill " + kills + "\n");
  }

  private static void remove(Path cgroup) throws IOException {
    Files.delete(cgroup.resolve("memory.events"));
    Files.delete(cgroup);
  }

  private ContainerFolder folder(String id) throws IOException {
    var folder = ContainerFolder.of(dir.resolve("run"), id);
    Files.createDirectories(folder.path());
    return folder;
  }

  private ContainerFolder begin(String id) throws Exception {
    ContainerFolder folder = folder(id);
    return loop.call(() -> {
      watches.creating(pod.resolve(id), folder);
      return folder;
    });
  }

  private boolean killed(OomWatches by, String id) throws Exception {
    ContainerFolder folder = folder(id);
    return loop.call(() -> {
      Optional<OomWatch> watch = by.openScope(pod.resolve(id), folder);
      by.created(pod.resolve(id), folder);
      if (watch.isEmpty()) {
        return false;
      }
      try (OomWatch opened = watch.get()) {
        opened.start();
        return opened.killed();
      }
    });
  }

  @Test
  void aKillBeforeTheContainerIsWatchedIsTold() throws Exception {
    begin("a");
    count(pod, 1);
    assertThat(killed(watches, "a")).isTrue();
  }

  @Test
  void whatHappenedBeforeTheContainerIsNotItsOwn() throws Exception {
    count(pod, 3);
    begin("a");
    assertThat(killed(watches, "a")).isFalse();
  }

  @Test
  void aKillThatAnotherContainerCountsIsNotItsOwn() throws Exception {
    count(pod.resolve("other"), 0);
    begin("a");
    count(pod.resolve("other"), 1);
    count(pod, 1);
    assertThat(killed(watches, "a")).isFalse();
  }

  @Test
  void aKillThatMayHaveBeenInAnotherThatHasGoneIsNotTold() throws Exception {
    count(pod.resolve("other"), 0);
    begin("a");
    remove(pod.resolve("other"));
    count(pod, 1);
    assertThat(killed(watches, "a")).isFalse();
  }

  @Test
  void ofTwoThatAreMadeAtOnceNeitherIsTold() throws Exception {
    begin("a");
    begin("b");
    count(pod, 1);
    assertThat(killed(watches, "a")).isFalse();
    assertThat(killed(watches, "b")).isFalse();
  }

  @Test
  void theNextMonitorKnowsWhatWasBefore() throws Exception {
    count(pod, 2);
    begin("a");
    count(pod, 3);
    assertThat(killed(new OomWatches(loop), "a")).isTrue();
    new OomState(1, Optional.empty()).save(folder("b").oom());
    assertThat(killed(new OomWatches(loop), "b")).as("seen by the one before").isTrue();
    new OomState(0, Optional.of(new PodKills(3, Set.of("c", "d")))).save(folder("c").oom());
    count(pod, 4);
    assertThat(killed(new OomWatches(loop), "c")).as("it may have been d").isFalse();
    new OomState(0, Optional.of(new PodKills(3, Set.of("c")))).save(folder("c").oom());
    assertThat(killed(new OomWatches(loop), "c")).isTrue();
  }

  @Test
  void aPodWithoutACgroupTellsNothing() throws Exception {
    remove(pod);
    begin("a");
    assertThat(killed(watches, "a")).isFalse();
  }
}
