// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.ContainerStatusRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A daemon whose configuration says more of logs than the usual one.
@AnyRuntime
class LogPolicyIT {
  private static final int MOST = 16 << 10;
  private static final Path JOURNAL = Path.of("/run/systemd/journal/socket");

  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  @BeforeEach
  void configure() throws Exception {
    criollo.restart("--log-size-max=" + MOST, "--log-journald", "--log-drop");
  }

  @Test
  void aLogThatIsFullStartsAnewAndTheJournalHasItToo() throws Exception {
    assumeFalse(Files.exists(JOURNAL), "a real journald runs here");
    Files.createDirectories(JOURNAL.getParent());
    Path journal = Files.createTempFile("journal", "");
    Process journald =
        new ProcessBuilder("socat", "-u", "UNIX-RECV:" + JOURNAL, "CREATE:" + journal).start();
    try {
      Patience.await("socat listens", Duration.ofSeconds(30), () -> Files.exists(JOURNAL));
      Pod pod = criollo.pod("policy");
      String script = "for i in 1 2 3 4 5; do seq 1000; sleep 1; done; echo last >&2";
      String id = pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "sh", "-c", script));
      pod.awaitExit(id);

      List<String> lines = pod.log("a");
      assertThat(lines.getLast()).endsWith(" stderr F last");
      assertThat(lines).allMatch(line -> line.matches("\\S+ std(out|err) F \\w+"));
      assertThat(Files.size(Path.of(pod.config().getLogDirectory(), "a.log")))
          .isLessThanOrEqualTo(MOST);
      assertThat(info(id))
          .contains("\"logLoss\":{\"refusedBytes\":0,\"droppedBytes\":0,\"unsentToJournal\":0}");
      Patience.await(
          "the journal's end", Duration.ofSeconds(60), () -> text(journal).contains("last"));
      assertThat(text(journal))
          .contains(
              "CONTAINER_ID_FULL=" + id + "\n", "CONTAINER_NAME=k8s_a_policy_", "PRIORITY=3\n");
    } finally {
      journald.destroy();
      journald.waitFor();
      Files.deleteIfExists(JOURNAL);
      Files.deleteIfExists(JOURNAL.getParent());
      Files.delete(journal);
    }
  }

  private static String info(String id) {
    return criollo
        .client()
        .runtime()
        .containerStatus(
            ContainerStatusRequest.newBuilder().setContainerId(id).setVerbose(true).build())
        .getInfoOrThrow("info");
  }

  private static String text(Path journal) throws IOException {
    return new String(Files.readAllBytes(journal), StandardCharsets.ISO_8859_1);
  }
}
