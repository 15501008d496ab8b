// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Containers that write numbered lines as fast as they can, while daemon and monitor are killed at
/// random moments, alone and together, and some containers end at such moments.
final class Storm {
  private static final Duration PATIENCE = Duration.ofSeconds(100);

  private final TestNode node;
  private final Random random;
  private final List<String> ids = new ArrayList<>();
  private final Semaphore rotating = new Semaphore(0);
  private Optional<Process> daemon = Optional.empty();

  Storm(TestNode node, long seed) {
    this.node = node;
    this.random = new Random(seed);
  }

  void begin(int containers) throws Exception {
    for (int i = 0; i < containers; i++) {
      String id = node.newId();
      ids.add(id);
      Files.createDirectories(node.log(id).getParent());
      node.run(id, writer(id, i));
    }
    allow("begin"); // all at once: who is made among writers comes late
    node.client.close();
    startDaemon();
  }

  /// Half of them write line by line, half in blocks that cut lines anywhere; a third to stderr.
  private static String writer(String id, int i) {
    String body = i % 2 == 0 ? "i=$((i+1)); echo $i" : "seq $((i+1)) $((i+1000)); i=$((i+1000))";
    String begin = "until [ -e /stop/begin ]; do sleep 1; done;";
    return "%s %s i=0; while [ ! -e /stop/%s ]; do %s; done; echo end $i; exit %d"
        .formatted(i % 3 == 0 ? "exec 1>&2;" : "", begin, id, body, code(i));
  }

  private static int code(int i) {
    return i % 100 + 1;
  }

  /// One round kills the monitor, the daemon, and both, in an order of its own.
  void rage(int deaths) throws Exception {
    for (int i = 0; i < deaths; i++) {
      boolean endOne = random.nextInt(3) == 0;
      if (random.nextInt(4) > 0) { // else while the last ones are still starting
        assertThat(rotating.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        rotating.drainPermits();
      }
      Thread.sleep(random.nextInt(1200)); // when it strikes is left to chance, not awaited
      if (endOne) {
        allow(ids.get(random.nextInt(ids.size())));
      }
      strike(i % 3);
    }
  }

  private void strike(int who) throws Exception {
    if (who != 0) {
      daemon.orElseThrow().destroyForcibly();
    }
    if (who != 1) {
      node.killMonitorIfAny();
    }
    if (who != 0) {
      daemon.orElseThrow().waitFor();
      Thread.sleep(random.nextInt(400)); // likewise: some end while nobody is there
      startDaemon();
    }
  }

  /// A container ends when its id is allowed.
  private void allow(String what) throws IOException {
    Path flag = node.folder.resolve("rootfs/stop").resolve(what);
    if (!Files.exists(flag)) {
      Files.createFile(flag);
    }
  }

  private void startDaemon() throws IOException {
    var command =
        List.of(
            System.getProperty("java.home") + "/bin/java",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            StormDaemon.class.getName(),
            node.folder.toString(),
            node.runtime.name());
    Process started = new ProcessBuilder(command).redirectErrorStream(true).start();
    daemon = Optional.of(started);
    Thread.ofVirtual().start(() -> copy(started));
  }

  private void copy(Process process) {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.equals("rotating")) {
          rotating.release();
        } else {
          System.out.println("daemon " + process.pid() + ": " + line);
        }
      }
    } catch (IOException _) { // it was killed
      return;
    }
  }

  /// Lets all end, and checks every line and every code.
  void calm() throws Exception {
    for (String id : ids) {
      allow(id);
    }
    Map<String, String> codes = awaitExits();
    daemon.orElseThrow().destroyForcibly().waitFor();
    assertThat(node.folder.resolve("violations")).doesNotExist();
    for (int i = 0; i < ids.size(); i++) {
      assertThat(codes).containsEntry(ids.get(i), code(i) + " ");
      check(ids.get(i), i % 3 == 0 ? "stderr" : "stdout");
    }
  }

  private Map<String, String> awaitExits() throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    var codes = new HashMap<String, String>();
    while (codes.size() < ids.size()) {
      Path exits = node.folder.resolve("exits");
      for (String line : Files.exists(exits) ? Files.readAllLines(exits) : List.<String>of()) {
        String[] words = line.split(" ", 2);
        codes.put(words[0], words[1]);
      }
      assertThat(System.nanoTime()).as("exits told: " + codes).isLessThan(deadline);
      Thread.sleep(50);
    }
    return codes;
  }

  private void check(String id, String stream) throws IOException {
    var numbers = new Numbers(id);
    for (Path file : files(node.log(id))) {
      try (BufferedReader lines = Files.newBufferedReader(file)) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          assertThat(line.substring(30, 38)).as(file.toString()).isEqualTo(" " + stream + " ");
          numbers.add(line.charAt(38), line.substring(40));
        }
      }
    }
    System.out.println(numbers.ended() + " in " + files(node.log(id)).size() + " files");
  }

  /// 1, 2, 3 … end; a busy writer's line may come in parts.
  private static final class Numbers {
    private final String id;
    private String part = "";
    private long last;
    private boolean ended;

    private Numbers(String id) {
      this.id = id;
    }

    void add(char tag, String content) {
      part += content;
      if (tag == 'P') {
        return;
      }
      assertThat(ended).as(id + ": nothing follows the end, but " + part).isFalse();
      ended = part.equals("end " + last);
      if (!ended) {
        assertThat(part).as(id).isEqualTo(String.valueOf(++last));
      }
      part = "";
    }

    String ended() {
      assertThat(ended).as(id + " has its last line, after " + last + part).isTrue();
      return id + ": " + last + " lines";
    }
  }

  private static List<Path> files(Path log) throws IOException {
    var files = new ArrayList<Path>();
    try (Stream<Path> found = Files.list(log.getParent())) {
      long count = found.filter(file -> !file.equals(log)).count();
      for (long i = 1; i <= count; i++) {
        files.add(log.resolveSibling("log." + i));
      }
    }
    if (Files.exists(log)) {
      files.add(log);
    }
    return files;
  }
}
