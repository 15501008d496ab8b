// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conformance.images.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// `criollo upgrade-monitor`, as an operator calls it.
@AnyRuntime
class UpgradeIT {
  /// A thousand lines at once, each second.
  private static final String COUNT =
      "i=0; while :; do echo $i; i=$((i+1)); [ $((i % 1000)) != 0 ] || sleep 1; done";

  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  @Test
  void theMonitorIsReplacedInPlaceOnCommandWhileContainersWrite() throws Exception {
    Pod pod = criollo.pod("upgrade");
    String id = pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "sh", "-c", COUNT));
    awaitLines(pod, 1);
    String told = upgrade();
    awaitLines(pod, pod.log("a").size() + 1);
    assertThat(upgrade()).isEqualTo(told);
    awaitLines(pod, pod.log("a").size() + 1);

    assertThat(told).matches("process [0-9]+ runs /.*criollo-monitor\\n");
    long monitor = Long.parseLong(told.split(" ", -1)[1]);
    assertThat(Files.readString(Path.of("/proc/" + monitor + "/cmdline")))
        .contains("\0--listener\0");
    assertThat(pod.output(id, "echo", "alive")).isEqualTo("alive");
    ProcessHandle process = ProcessHandle.of(monitor).orElseThrow();
    process.destroyForcibly();
    process.onExit().join(); // one with the command line as before follows
    assertThat(pod.output(id, "echo", "alive")).isEqualTo("alive");
    pod.stop(id, Duration.ZERO);
    assertThat(pod.status(id).getExitCode()).isEqualTo(137);
    List<String> lines = pod.log("a");
    for (int i = 0; i < lines.size(); i++) {
      assertThat(lines.get(i)).endsWith(" stdout F " + i);
    }
  }

  private static String upgrade() throws IOException, InterruptedException {
    List<String> command = criollo.node().command(CriolloNode.runtime(), "upgrade-monitor");
    return Command.run(new ProcessBuilder(command), 0);
  }

  private static void awaitLines(Pod pod, int count) throws IOException, InterruptedException {
    Patience.await(count + " lines", Duration.ofSeconds(60), () -> pod.log("a").size() >= count);
  }
}
