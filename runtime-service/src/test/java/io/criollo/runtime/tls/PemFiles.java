// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// Self-signed certificates for 127.0.0.1, made by the JDK's keytool, as PEM files in a folder.
public final class PemFiles {
  private static final char[] PASSWORD = "changeit".toCharArray();

  private final Path folder;
  private final KeyStore store;

  private PemFiles(Path folder, KeyStore store) {
    this.folder = folder;
    this.store = store;
  }

  /// {@return a fresh pair of key and certificate}
  public static PemFiles make(Path folder, String algorithm) throws Exception {
    Files.createDirectories(folder);
    var file = folder.resolve("store.p12");
    var tool = Path.of(System.getProperty("java.home"), "bin/keytool").toString();
    var made =
        new ProcessBuilder(
                (tool
                        + " -genkeypair -alias own -validity 2 -storetype PKCS12 -storepass changeit"
                        + " -dname CN=localhost -ext san=ip:127.0.0.1 -groupname "
                        + (algorithm.equals("EC") ? "secp256r1 -keyalg EC" : "- -keyalg RSA")
                        + " -keystore ")
                    .replace("-groupname - ", "")
                    .concat(file.toString())
                    .split(" "))
            .redirectErrorStream(true)
            .start();
    var said = new String(made.getInputStream().readAllBytes(), US_ASCII);
    assertThat(made.waitFor()).as(said).isZero();
    var store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    var files = new PemFiles(folder, store);
    files.write("cert.pem", "CERTIFICATE", store.getCertificate("own").getEncoded());
    files.write("key.pem", "PRIVATE KEY", files.key());
    return files;
  }

  /// {@return the private key as PKCS #8}
  byte[] key() throws Exception {
    return store.getKey("own", PASSWORD).getEncoded();
  }

  public Path certificate() {
    return folder.resolve("cert.pem");
  }

  public Path keyFile() {
    return folder.resolve("key.pem");
  }

  void write(String name, String label, byte[] der) throws IOException {
    var text =
        "-----BEGIN %s-----%n%s%n-----END %s-----%n"
            .formatted(label, Base64.getMimeEncoder().encodeToString(der), label);
    Files.writeString(folder.resolve(name), text);
  }

  /// Puts this pair in the place of another, as an operator does: the certificate, then the key.
  public void replace(PemFiles other) throws IOException {
    Files.write(other.certificate(), Files.readAllBytes(certificate()));
    Files.write(other.keyFile(), Files.readAllBytes(keyFile()));
  }

  /// {@return the settings of a server with this pair}
  public TlsSettings settings() {
    return new TlsSettings(
        certificate(), keyFile(), Optional.empty(), TlsVersion.TLS12, java.util.List.of());
  }

  /// {@return a client that trusts this certificate only, and shows its own}
  public SSLContext client(PemFiles own) throws Exception {
    var trust = KeyStore.getInstance("PKCS12");
    trust.load(null, null);
    trust.setCertificateEntry("server", store.getCertificate("own"));
    var trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trusted.init(trust);
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(own.store, PASSWORD);
    var context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trusted.getTrustManagers(), null);
    return context;
  }

  /// {@return a client that trusts this certificate only, and shows none}
  public SSLContext client() throws Exception {
    var full = KeyStore.getInstance("PKCS12");
    full.load(null, null);
    return client(new PemFiles(folder, full));
  }
}
