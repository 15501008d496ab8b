// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.image.pem.Der;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyPairTest {
  private static final int OCTETS = 0x04;

  @TempDir static Path dir;
  private static PemFiles rsa;
  private static PemFiles ec;

  @BeforeAll
  static void make() throws Exception {
    rsa = PemFiles.make(dir.resolve("rsa"), "RSA");
    ec = PemFiles.make(dir.resolve("ec"), "EC");
  }

  @Test
  void keysAreReadInTheNewerForm() throws Exception {
    assertThat(read(rsa, "key.pem").getAlgorithm()).isEqualTo("RSA");
    assertThat(read(ec, "key.pem").getAlgorithm()).isEqualTo("EC");
  }

  @Test
  void keysAreReadInTheOlderForms() throws Exception {
    rsa.write("old.pem", "RSA PRIVATE KEY", Der.inside(rsa.key(), OCTETS));
    assertThat(read(rsa, "old.pem")).isEqualTo(read(rsa, "key.pem"));

    var number = Der.inside(Der.inside(ec.key(), OCTETS), OCTETS);
    var curve = HexFormat.of().parseHex("a00a06082a8648ce3d030107"); // [0] secp256r1
    var version = new byte[] {0x02, 1, 1};
    ec.write("old.pem", "EC PRIVATE KEY", Der.sequence(version, Der.octets(number), curve));
    assertThat(secret(ec, "old.pem")).isEqualTo(secret(ec, "key.pem"));
  }

  @Test
  void aKeyOfAnotherCertificateIsRefused() throws Exception {
    var other = PemFiles.make(dir.resolve("other"), "EC");
    for (var wrong : new PemFiles[] {other, rsa}) {
      assertThatThrownBy(() -> KeyPair.read(ec.certificate(), wrong.keyFile()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(ec.certificate().toString())
          .hasMessageContaining(wrong.keyFile().toString());
    }
  }

  @Test
  void whatIsNotThereIsNamed() throws Exception {
    var empty = Files.writeString(dir.resolve("empty.pem"), "no block here");
    var locked = Files.writeString(dir.resolve("locked.pem"), "");
    ec.write("../locked.pem", "ENCRYPTED PRIVATE KEY", new byte[] {1});

    assertThatThrownBy(() -> KeyPair.read(dir.resolve("none"), ec.keyFile()))
        .hasMessageContaining("none: no such file");
    assertThatThrownBy(() -> KeyPair.read(empty, ec.keyFile()))
        .hasMessageContaining("empty.pem: no certificate in PEM form");
    assertThatThrownBy(() -> KeyPair.read(ec.certificate(), empty))
        .hasMessageContaining("empty.pem: no private key in PEM form");
    assertThatThrownBy(() -> KeyPair.read(ec.certificate(), locked))
        .hasMessageContaining("must not need a password");
  }

  @Test
  void randomKeysAreRefusedWithTheFilesName() throws Exception {
    var random = new Random(71);
    var good = Files.readAllBytes(ec.keyFile());
    for (int i = 0; i < 500; i++) {
      var bytes = good.clone();
      for (int n = 0; n < 4; n++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      var label = new String[] {"PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"}[i % 3];
      var file = Files.write(dir.resolve("random.pem"), bytes);
      if (i % 2 == 0) {
        ec.write("../random.pem", label, bytes);
      }
      try {
        var _ = KeyPair.read(ec.certificate(), file);
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("random.pem");
      }
    }
  }

  private static BigInteger secret(PemFiles files, String key) throws IOException {
    return ((ECPrivateKey) read(files, key)).getS();
  }

  private static PrivateKey read(PemFiles files, String key) throws IOException {
    return KeyPair.read(files.certificate(), files.keyFile().resolveSibling(key)).key();
  }
}
