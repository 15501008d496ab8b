// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.debian;

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
import java.util.concurrent.TimeUnit;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/// Debian's `docker-registry` on loopback, with TLS, for one user with a password.
final class DebianRegistry implements AutoCloseable {
  static final String USER = "user";
  static final String PASSWORD = "secret";

  private final Path folder;
  private final String address;
  private final Process process;

  DebianRegistry(Path folder) throws Exception {
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
    Files.writeString(folder.resolve("config.yml"), config());
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

  private String config() {
    return """
    version: 0.1
    storage: {filesystem: {rootdirectory: "%1$s/registry"}}
    http: {addr: "%2$s", tls: {certificate: "%1$s/registry.crt", key: "%1$s/registry.key"}}
    auth: {htpasswd: {realm: test, path: "%1$s/users"}}
    log: {level: warn, accesslog: {disabled: true}}
    """
        .formatted(folder, address);
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
