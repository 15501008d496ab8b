// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/// The built daemon as a process, from its start until it is stopped or killed. Closing stops it in
/// the way that a service manager does.
public final class DaemonProcess implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration STOP = Duration.ofSeconds(30);

  private final Process process;
  private final CriClient client;
  private final Duration firstAnswer;

  private DaemonProcess(Process process, CriClient client, Duration firstAnswer) {
    this.process = process;
    this.client = client;
    this.firstAnswer = firstAnswer;
  }

  /// Starts it and returns after its first answer.
  ///
  /// @throws IOException with the end of its log, if it ends or does not answer in a minute
  static DaemonProcess start(List<String> command, Path socket, Path log)
      throws IOException, InterruptedException {
    Files.deleteIfExists(socket);
    long begin = System.nanoTime();
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    try {
      Patience.await("the daemon makes its socket", START, () -> socketOf(process, socket));
      var client = CriClient.connect(socket);
      client.version();
      return new DaemonProcess(process, client, Duration.ofNanos(System.nanoTime() - begin));
    } catch (IOException | RuntimeException e) {
      process.destroyForcibly();
      throw new IOException("the daemon does not start; its log ends:\n" + tail(log), e);
    }
  }

  private static boolean socketOf(Process process, Path socket) throws IOException {
    if (!process.isAlive()) {
      throw new IOException("the daemon ended with " + process.exitValue());
    }
    return Files.exists(socket);
  }

  private static String tail(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
  }

  public CriClient client() {
    return client;
  }

  /// {@return the time from the start of the process to its first answer}
  public Duration firstAnswer() {
    return firstAnswer;
  }

  boolean runs() {
    return process.isAlive();
  }

  public long pid() {
    return process.pid();
  }

  /// Ends it without a word, as the kernel does when memory is short.
  public void kill() throws InterruptedException {
    client.close();
    process.destroyForcibly();
    process.waitFor();
  }

  @Override
  public void close() throws IOException {
    client.close();
    process.destroy();
    try {
      process.onExit().orTimeout(STOP.toSeconds(), TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      process.destroyForcibly();
      throw new IOException("the daemon does not end on SIGTERM within " + STOP, e);
    }
  }
}
