// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conformance.images.TestImages;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What a removed container leaves goes after its removal has been answered, whoever lives.
@AnyRuntime
class RemovalIT {
  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int MANY = 4;

  private static Path run() {
    return criollo.node().root().resolveSibling("run");
  }

  private static List<Path> below(Path folder, String part) throws IOException {
    return Tree.of(folder, 3).stream()
        .filter(path -> path.getFileName().toString().contains(part))
        .toList();
  }

  private static String writer(Pod pod, String name) {
    String id = pod.createAndStart(Pod.container(name, TestImages.BUSYBOX, "sleep", "1000"));
    pod.exec(id, "sh", "-c", "mkdir -p /a/b/c; for i in $(seq 100); do echo x >/a/b/c/$i; done");
    return id;
  }

  private static boolean nothingIsLeftOf(String id) throws IOException {
    return below(run(), id).isEmpty()
        && below(criollo.node().root(), id).isEmpty()
        && below(Path.of("/sys/fs/cgroup"), id).isEmpty();
  }

  @Test
  void aRemovedContainerIsGoneAtOnceAndWhatItLeavesSoonAfter() throws Exception {
    Pod pod = criollo.pod("leaves");
    String id = writer(pod, "a");
    var before = criollo.node().ledger();

    pod.stop(id, Duration.ZERO);
    pod.remove(id);

    assertThat(criollo.node().root().resolve("containers").resolve(id)).doesNotExist();
    assertThat(before.entries().get("mounts"))
        .filteredOn(mount -> mount.contains(id))
        .as("this test would see its mounts")
        .isNotEmpty();
    assertThat(criollo.node().ledger().entries().get("mounts"))
        .noneMatch(mount -> mount.contains(id) && mount.endsWith("/merged"));
    Patience.await("nothing is left of " + id, LONG, () -> nothingIsLeftOf(id));
  }

  @Test
  void theRemovalOfThePodWaitsForWhatItsRemovedContainersLeft() throws Exception {
    var before = criollo.node().ledger();
    Pod pod = criollo.pod("waits");
    for (int i = 0; i < MANY; i++) {
      pod.remove(writer(pod, "a" + i)); // which runs
    }
    pod.stop();
    pod.remove();

    assertThat(criollo.node().ledger().beyond(before)).isEmpty();
  }

  @Test
  void theNextDaemonTakesAwayWhatAKilledOneHadNotComeTo() throws Exception {
    Pod pod = criollo.pod("killed");
    String stays = writer(pod, "stays");
    for (int i = 0; i < MANY; i++) {
      String id = writer(pod, "a" + i);
      pod.remove(id);
      criollo.daemon().kill();
      criollo.startAgain();

      assertThat(pod.output(stays, "ls", "/a/b/c/7")).isEqualTo("/a/b/c/7");
      assertThat(below(run(), id)).isEmpty();
      Patience.await("nothing is left of " + id, LONG, () -> nothingIsLeftOf(id));
    }
  }
}
