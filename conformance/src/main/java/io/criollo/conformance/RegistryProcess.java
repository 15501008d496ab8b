// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import io.criollo.conformance.images.CritestImages;
import io.criollo.conformance.images.Repository;
import io.criollo.conformance.images.TestImages;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Debian's `docker-registry` on loopback, with the test images. The folder may be one that an
/// earlier process has filled. Closed by [TestNode].
final class RegistryProcess implements AutoCloseable {
  private static final Path BUSYBOX = Path.of("/bin/busybox");

  private final Process process;
  private final String address;

  private RegistryProcess(Process process, String address) {
    this.process = process;
    this.address = address;
  }

  static RegistryProcess start(Path folder, Optional<Path> busybox)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    String address = "127.0.0.1:" + freePort();
    Path config = folder.resolve("config.yml");
    Files.writeString(config, config(folder, address));
    Process process =
        new ProcessBuilder("docker-registry", "serve", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    var registry = new RegistryProcess(process, address);
    registry.awaitAnswer();
    registry.fill(folder.resolve("filled"), busybox);
    return registry;
  }

  String address() {
    return address;
  }

  private static String config(Path folder, String address) {
    return """
    version: 0.1
    storage:
      filesystem: {rootdirectory: %s}
      delete: {enabled: true}
    http: {addr: "%s"}
    log: {level: warn, accesslog: {disabled: true}}
    """
        .formatted(folder.resolve("store"), address);
  }

  private void fill(Path marker, Optional<Path> busybox) throws IOException, InterruptedException {
    if (Files.exists(marker)) {
      return;
    }
    var repository = new Repository(URI.create("http://" + address + "/"));
    TestImages.push(repository, BUSYBOX);
    if (busybox.isPresent()) {
      CritestImages.push(repository, busybox.get());
    }
    Files.createFile(marker);
  }

  private void awaitAnswer() throws IOException, InterruptedException {
    var url = URI.create("http://" + address + "/v2/").toURL();
    Patience.await(
        "docker-registry answers",
        Duration.ofSeconds(30),
        () -> {
          if (!process.isAlive()) {
            throw new IOException("docker-registry ended with " + process.exitValue());
          }
          try {
            return ((HttpURLConnection) url.openConnection()).getResponseCode() == 200;
          } catch (IOException notYet) {
            return false;
          }
        });
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
