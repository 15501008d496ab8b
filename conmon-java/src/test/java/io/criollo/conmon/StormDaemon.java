// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon;

import io.criollo.conmon.client.MonitorException;
import io.criollo.conmon.protocol.ExitRecord;
import io.criollo.conmon.protocol.FailureKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// `StormDaemon FOLDER RUNTIME`: all of a daemon that a storm needs, as a process that can really
/// be killed. It writes down the exits that it is told, and starts every log anew each second. What
/// must never happen is written to `violations`.
final class StormDaemon {
  private final TestNode node;

  private StormDaemon(Path folder, String runtime) throws IOException, MonitorException {
    this.node = new TestNode(folder, runtime, exit -> write(folder, exit));
  }

  public static void main(String[] args) throws Exception {
    var daemon = new StormDaemon(Path.of(args[0]), args[1]);
    while (true) {
      System.out.println("rotating");
      long begin = System.nanoTime();
      for (Path log : logs(daemon.node.folder.resolve("logs"))) {
        daemon.rotate(log);
      }
      Thread.sleep(Math.max(0, 1000 - (System.nanoTime() - begin) / 1_000_000));
    }
  }

  private static void write(Path folder, ExitRecord exit) {
    append(
        folder.resolve("exits"), exit.containerId() + " " + exit.exitCode() + " " + exit.reason());
  }

  private static void append(Path file, String line) {
    try {
      Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The folders of containers; each holds `log` and those renamed away, `log.1` and on.
  private static List<Path> logs(Path folder) throws IOException {
    try (Stream<Path> found = Files.list(folder)) {
      return found.sorted(Comparator.comparing(Path::toString)).toList();
    }
  }

  /// As a kubelet does it: rename, then ask. One who was killed in between finds no `log`.
  private void rotate(Path folder) throws Exception {
    Path log = folder.resolve("log");
    if (Files.exists(log)) {
      try (Stream<Path> files = Files.list(folder)) {
        Files.move(log, folder.resolve("log." + files.count()));
      }
    }
    try {
      node.client.reopenLog(folder.getFileName().toString());
      if (!Files.exists(log)) {
        append(node.folder.resolve("violations"), "no log after reopening: " + log);
      }
    } catch (MonitorException e) {
      if (e.kind() != FailureKind.NOT_FOUND) {
        append(node.folder.resolve("violations"), "reopen " + log + ": " + e.getMessage());
      }
    }
  }
}
