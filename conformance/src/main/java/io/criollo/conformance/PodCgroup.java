// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;

/// The cgroup of a pod, which the kubelet makes before the pod and removes after it. What the
/// daemon leaves in it stays, since only an empty cgroup can be removed. Slices are systemd's.
final class PodCgroup {
  private static final Path ROOT = Path.of("/sys/fs/cgroup");
  private static final String PODS = "/kubepods/burstable";

  private PodCgroup() {}

  /// {@return the `cgroup_parent` of the pod with that uid}
  static String parent(String uid) {
    return PODS + "/pod" + uid;
  }

  static void make(String parent) throws IOException {
    if (isOurs(parent)) {
      Files.createDirectories(folder(parent));
    }
  }

  static void remove(String parent) {
    try {
      if (isOurs(parent)) {
        Files.deleteIfExists(folder(parent));
      }
    } catch (IOException notEmpty) {
      // The ledger will name what is in it.
    }
  }

  /// Ends all that is in it, and removes it with all cgroups below.
  static void end(String parent) throws IOException, InterruptedException {
    Path folder = folder(parent);
    Files.writeString(folder.resolve("cgroup.kill"), "1");
    Patience.await(
        "all processes of " + parent + " end",
        Duration.ofSeconds(30),
        () -> Files.readString(folder.resolve("cgroup.events")).contains("populated 0"));
    for (var one : Tree.of(folder, Integer.MAX_VALUE).reversed()) {
      if (Files.isDirectory(one)) {
        Files.deleteIfExists(one);
      }
    }
  }

  /// Removes those of all pods, and their parents.
  static void removeAll() throws IOException {
    try (var pods = Files.list(folder(PODS))) {
      pods.filter(Files::isDirectory).forEach(pod -> remove("/" + ROOT.relativize(pod)));
    } catch (NoSuchFileException none) {
      return;
    }
    remove(PODS);
    remove("/kubepods");
  }

  private static boolean isOurs(String parent) {
    return !parent.isEmpty() && !parent.endsWith(".slice");
  }

  private static Path folder(String parent) {
    return ROOT.resolve(parent.substring(1));
  }
}
