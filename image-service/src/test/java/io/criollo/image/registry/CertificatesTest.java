// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.image.FakeRegistry;
import io.criollo.image.TestImage;
import io.criollo.image.TestLayer;
import io.criollo.image.pem.Der;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A registry with a certificate of its own making that wants one of its clients too.
class CertificatesTest {
  private static final Timeouts QUICK =
      new Timeouts(
          Duration.ofSeconds(10),
          Duration.ofSeconds(2),
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          Duration.ofMillis(10));
  private static final int PKCS8_OF_RSA = 26;
  private static final int OCTETS = 0x04;

  @TempDir Path folder;
  private static KeyStore server;
  private static KeyStore client;
  private static KeyStore elliptic;
  private FakeRegistry registry;

  @BeforeAll
  static void make(@TempDir Path into) throws Exception {
    server = TestTls.keys(into, "server", "RSA", "SAN=IP:127.0.0.1");
    client = TestTls.keys(into, "client", "RSA", "EKU=clientAuth");
    elliptic = TestTls.keys(into, "elliptic", "EC", "EKU=clientAuth");
  }

  @BeforeEach
  void start() throws Exception {
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(server, TestTls.PASSWORD);
    var trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, TestTls.PASSWORD);
    trusted.setCertificateEntry("client", client.getCertificate("own"));
    trusted.setCertificateEntry("elliptic", elliptic.getCertificate("own"));
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    var context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    registry =
        new FakeRegistry(context, true)
            .image("app", "v1", TestImage.of("i", new TestLayer().file("f", "x").gzip()));
    Files.createDirectories(certs());
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private Path certs() {
    return folder.resolve("certs.d").resolve(registry.host());
  }

  private static String pem(String type, byte[] der) {
    var text = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(type, text.encodeToString(der), type);
  }

  private void trustServer() throws Exception {
    var certificate = server.getCertificate("own").getEncoded();
    Files.writeString(certs().resolve("ca.crt"), pem("CERTIFICATE", certificate));
  }

  private static byte[] key(KeyStore keys) throws Exception {
    return keys.getKey("own", TestTls.PASSWORD).getEncoded();
  }

  private void show(KeyStore keys, String key) throws Exception {
    var certificate = keys.getCertificate("own").getEncoded();
    Files.writeString(certs().resolve("own.cert"), pem("CERTIFICATE", certificate));
    Files.writeString(certs().resolve("own.key"), key);
  }

  private void fetch() throws Exception {
    try (var access = new RegistryAccess(QUICK, List.of(folder.resolve("certs.d")))) {
      var reference = ImageReference.parse(registry.host() + "/app:v1");
      var source = new Source(reference, false, false);
      access
          .client(source, Optional.empty(), List.of())
          .manifest("v1", List.of(TestImage.MANIFEST), 100_000);
    }
  }

  @Test
  void theRegistrysOwnFilesAreUsed() throws Exception {
    trustServer();
    show(client, pem("PRIVATE KEY", key(client)));
    fetch();
    assertThat(registry.seen()).isNotEmpty();
  }

  @Test
  void keysInTheOlderFormAreReadToo() throws Exception {
    trustServer();
    var pkcs8 = key(client);
    var pkcs1 = Arrays.copyOfRange(pkcs8, PKCS8_OF_RSA, pkcs8.length);
    show(client, pem("RSA PRIVATE KEY", pkcs1));
    fetch();
    assertThat(registry.seen()).isNotEmpty();
  }

  @Test
  void ellipticKeysInTheOlderFormAreReadToo() throws Exception {
    trustServer();
    var number = Der.inside(Der.inside(key(elliptic), OCTETS), OCTETS);
    var curve = ((ECPublicKey) elliptic.getCertificate("own").getPublicKey()).getParams();
    assertThat(curve.getOrder().bitLength()).as("of secp384r1").isEqualTo(384);
    var parameters = HexFormat.of().parseHex("a00706052b81040022");
    var version = new byte[] {0x02, 1, 1};
    show(elliptic, pem("EC PRIVATE KEY", Der.sequence(version, Der.octets(number), parameters)));
    fetch();
    assertThat(registry.seen()).isNotEmpty();
  }

  @Test
  void nobodyIsTrustedWithoutThem() throws Exception {
    assertThatThrownBy(this::fetch).isInstanceOf(SSLException.class);
    trustServer();
    assertThatThrownBy(this::fetch).isInstanceOf(java.io.IOException.class);
    assertThat(registry.seen()).isEmpty();
  }

  @Test
  void filesThatMakeNoSenseAreNamed() throws Exception {
    Files.writeString(certs().resolve("own.key"), "x");
    assertThatThrownBy(this::fetch)
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("own.key has no own.cert beside it");
    show(client, "nonsense");
    assertThatThrownBy(this::fetch)
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("no private key in PEM");
  }
}
