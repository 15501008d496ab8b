// SPDX-License-Identifier: Apache-2.0
package io.criollo.cni;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// Plugins at work that nobody waits for any more, since the daemon was killed: they would go on
/// attaching what is being detached. They, and what they have started, are known by their
/// environment.
final class LeftPlugins {
  private static final String VARIABLE = "CNI_CONTAINERID=";
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration LOOK = Duration.ofMillis(20);

  private LeftPlugins() {}

  /// Kills those that work for these pods, and waits until they are gone.
  static void end(Set<String> podIds) throws CniException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    for (var left = of(podIds); !left.isEmpty(); left = of(podIds)) {
      if (System.nanoTime() - end > 0) {
        throw new CniException(
            CniException.TRY_AGAIN_LATER,
            "plugins are still at work: " + left.stream().map(ProcessHandle::pid).toList());
      }
      left.forEach(ProcessHandle::destroyForcibly);
      Thread.sleep(LOOK);
    }
  }

  private static List<ProcessHandle> of(Set<String> podIds) {
    return ProcessHandle.allProcesses().filter(process -> worksFor(podIds, process)).toList();
  }

  private static boolean worksFor(Set<String> podIds, ProcessHandle process) {
    try {
      var environment = Path.of("/proc", Long.toString(process.pid()), "environ");
      return Arrays.stream(Files.readString(environment, ISO_8859_1).split("\0", -1))
          .filter(variable -> variable.startsWith(VARIABLE))
          .anyMatch(variable -> podIds.contains(variable.substring(VARIABLE.length())));
    } catch (IOException _) { // it has ended, or is somebody else's
      return false;
    }
  }
}
