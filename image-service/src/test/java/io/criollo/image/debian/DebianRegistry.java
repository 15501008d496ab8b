// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.debian;

import io.criollo.image.TestImage;
import io.criollo.image.policy.TestSigner;
import io.criollo.image.registry.TestTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/// Debian's `docker-registry` on loopback, with TLS, for one user with a password.
final class DebianRegistry implements AutoCloseable {
  static final String USER = "user";
  static final String PASSWORD = "secret";

  private final Path folder;
  private final String address;
  private final Process process;

  DebianRegistry(Path folder) throws Exception {
    this(folder, true);
  }

  DebianRegistry(Path folder, boolean http2) throws Exception {
    this.folder = folder;
    this.address = "127.0.0.1:" + freePort();
    var keys = TestTls.keys(folder, "registry", "EC", "SAN=IP:127.0.0.1");
    Files.createDirectories(certificates());
    var certificate = TestSigner.pem("CERTIFICATE", keys.getCertificate("own").getEncoded());
    Files.writeString(certificates().resolve("ca.crt"), certificate);
    Files.writeString(folder.resolve("registry.crt"), certificate);
    var key = keys.getKey("own", TestTls.PASSWORD).getEncoded();
    Files.writeString(folder.resolve("registry.key"), TestSigner.pem("PRIVATE KEY", key));
    Files.writeString(folder.resolve("users"), USER + ":" + hash());
    Files.writeString(folder.resolve("config.yml"), config(http2));
    this.process =
        new ProcessBuilder("docker-registry", "serve", folder.resolve("config.yml").toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("registry.log").toFile())
            .start();
    awaitListening();
  }

  private static String hash() {
    var salt = new byte[16];
    new SecureRandom().nextBytes(salt);
    return OpenBSDBCrypt.generate("2y", PASSWORD.toCharArray(), salt, 4);
  }

  private String config(boolean http2) {
    return """
    version: 0.1
    storage: {filesystem: {rootdirectory: "%1$s/registry"}}
    http:
      addr: "%2$s"
      tls: {certificate: "%1$s/registry.crt", key: "%1$s/registry.key"}
      http2: {disabled: %3$s}
    auth: {htpasswd: {realm: test, path: "%1$s/users"}}
    log: {level: warn, accesslog: {disabled: false}}
    """
        .formatted(folder, address, !http2);
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitListening() throws IOException, InterruptedException {
    var port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      try (var socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return;
      } catch (IOException e) {
        if (!process.isAlive() || System.nanoTime() > deadline) {
          throw new IOException(Files.readString(folder.resolve("registry.log")), e);
        }
        process.waitFor(20, TimeUnit.MILLISECONDS);
      }
    }
  }

  /// Pushes an image with skopeo.
  ///
  /// @param layout name of a new folder below the scratch folder
  void push(Path scratch, String layout, TestImage image, String name)
      throws IOException, InterruptedException {
    OciLayout.write(scratch.resolve(layout), "1", image);
    Tools.run(
        "skopeo",
        "--insecure-policy",
        "copy",
        "--quiet",
        "--dest-creds=" + USER + ":" + PASSWORD,
        "--dest-cert-dir=" + certificates(),
        "oci:" + scratch.resolve(layout) + ":1",
        "docker://" + name);
  }

  /// {@return the requests for a repository that it has logged, as `GET /path HTTP/2.0" status`}
  List<String> requests(String repository) throws IOException {
    var request = Pattern.compile("\"(GET /v2/" + repository + "/\\S+ HTTP/\\S+\" \\d+)");
    return request
        .matcher(Files.readString(folder.resolve("registry.log")))
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  String address() {
    return address;
  }

  /// {@return a folder as `/etc/containers/certs.d`, with the registry's certificate}
  Path certificates() {
    return folder.resolve("certs.d").resolve(address);
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
