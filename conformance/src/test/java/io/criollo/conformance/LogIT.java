// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.ContainerStatusRequest;
import io.criollo.cri.v1.ReopenContainerLogRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LogIT {
  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  private static Pod finished(String name, String script) throws Exception {
    Pod pod = criollo.pod(name);
    pod.awaitExit(pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "sh", "-c", script)));
    return pod;
  }

  @Test
  void everyLineHasItsTimeItsStreamAndItsTag() throws Exception {
    Instant before = Instant.now();
    List<String> lines = finished("format", "echo one; sleep 1; echo two >&2").log("a");

    assertThat(lines).hasSize(2);
    assertThat(lines.get(0)).matches("\\S+ stdout F one");
    assertThat(lines.get(1)).matches("\\S+ stderr F two");
    for (String line : lines) {
      Instant at = OffsetDateTime.parse(line.substring(0, line.indexOf(' '))).toInstant();
      assertThat(at).isBetween(before.minusSeconds(1), Instant.now().plusSeconds(1));
    }
  }

  @Test
  void aLastLineWithoutNewlineIsPartial() throws Exception {
    assertThat(finished("partial", "printf 'a\\nb'").log("a"))
        .satisfiesExactly(
            first -> assertThat(first).endsWith(" stdout F a"),
            second -> assertThat(second).endsWith(" stdout P b"));
  }

  @Test
  void allThatWasWrittenIsInTheLogWhenTheExitIsTold() throws Exception {
    List<String> lines = finished("all", "seq 1 20000").log("a");

    assertThat(lines).hasSize(20_000);
    assertThat(lines.getLast()).endsWith(" 20000");
  }

  @Test
  void aLongLineComesInPartsThatMakeItWhole() throws Exception {
    List<String> lines = finished("long", "head -c 100000 /dev/zero | tr '\\0' x; echo").log("a");

    assertThat(lines.subList(0, lines.size() - 1)).allMatch(line -> line.contains(" stdout P x"));
    assertThat(lines.getLast()).contains(" stdout F ");
    long length =
        lines.stream().mapToLong(line -> line.chars().filter(c -> c == 'x').count()).sum();
    assertThat(length).isEqualTo(100_000);
  }

  @Test
  void afterReopeningTheOldFileGrowsNoMore() throws Exception {
    Pod pod = criollo.pod("reopen");
    String script = "i=0; while :; do echo $i; i=$((i+1)); usleep 10000; done";
    String id = pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "sh", "-c", script));
    Path log = Path.of(pod.config().getLogDirectory(), "a.log");
    Path old = Path.of(pod.config().getLogDirectory(), "a.log.old");
    awaitLines(log);

    Files.move(log, old);
    reopenLog(id);
    assertThat(log).exists();
    long size = Files.size(old);
    awaitLines(log);
    pod.stop(id, Duration.ZERO);

    assertThat(Files.size(old)).isEqualTo(size);
    assertThat(numbers(log).getFirst()).isEqualTo(numbers(old).getLast() + 1);
  }

  @Test
  void theLogIsReopenedWhileItsContainerStopsAndNoLineIsLostOrDoubled() throws Exception {
    Pod pod = criollo.pod("stopping");
    String script =
        "trap 'touch /dev/shm/told' TERM; i=0;"
            + " until [ -e /dev/shm/end ]; do echo $i; i=$((i+1)); usleep 1000; done";
    String id = pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "sh", "-c", script));
    Path log = Path.of(pod.config().getLogDirectory(), "a.log");
    awaitLines(log);
    var numbers = new ArrayList<Integer>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var stopped = threads.submit(() -> pod.stop(id, Duration.ofSeconds(100)));
      pod.output(id, "sh", "-c", "until [ -e /dev/shm/told ]; do usleep 10000; done");
      for (int i = 0; i < 5; i++) {
        Path old = Files.move(log, log.resolveSibling("a.log." + i));
        reopenLog(id);
        assertThat(log).exists();
        numbers.addAll(numbers(old));
        awaitLines(log);
      }
      assertThat(stopped.isDone()).isFalse();
      pod.output(id, "touch", "/dev/shm/end");
      stopped.get();
    }
    numbers.addAll(numbers(log));
    assertThat(numbers).isEqualTo(IntStream.range(0, numbers.size()).boxed().toList());
  }

  private static void reopenLog(String id) {
    criollo
        .client()
        .runtime()
        .reopenContainerLog(ReopenContainerLogRequest.newBuilder().setContainerId(id).build());
  }

  @Test
  void whatALogHasNoRoomForIsCountedInTheStatusAndWarnedOf() throws Exception {
    Path small = Files.createTempDirectory("small");
    Command.run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", small.toString());
    try {
      Pod pod = criollo.run(Pod.config("room", small).build());
      String id = pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "seq", "20000"));

      assertThat(pod.awaitExit(id).getExitCode()).isZero();
      var request = ContainerStatusRequest.newBuilder().setContainerId(id).setVerbose(true);
      assertThat(criollo.client().runtime().containerStatus(request.build()).getInfoOrThrow("info"))
          .containsPattern("\"refusedBytes\":[1-9]");
      assertThat(Files.readString(criollo.node().daemonLog()))
          .containsPattern("WARNING output of container " + id + " is missing in .*: ENOSPC");
      assertThat(pod.log("a")).allMatch(line -> line.matches("\\S+ stdout F [0-9]+"));
    } finally {
      Command.run("umount", "-l", small.toString());
      Files.delete(small);
    }
  }

  private static void awaitLines(Path log) throws IOException, InterruptedException {
    Patience.await(
        "lines in " + log,
        Duration.ofSeconds(20),
        () -> Files.exists(log) && Files.readAllLines(log).size() >= 10);
  }

  private static List<Integer> numbers(Path log) throws IOException {
    return Files.readAllLines(log).stream()
        .map(line -> Integer.valueOf(line.substring(line.lastIndexOf(' ') + 1)))
        .toList();
  }
}
