// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.image.reference.Digest;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Random;
import org.bouncycastle.openpgp.api.OpenPGPKey;
import org.bouncycastle.openpgp.api.SignatureParameters;
import org.bouncycastle.openpgp.api.bc.BcOpenPGPApi;
import org.bouncycastle.openpgp.operator.PGPKeyPairGenerator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SimpleSigningTest {
  private static final Digest MANIFEST = Digest.ofSha256(new byte[] {1});
  private static final String NAME = "reg.test/app:v1";
  private static OpenPGPKey ours;
  private static OpenPGPKey theirs;
  private static byte[] good;

  @BeforeAll
  static void sign() throws Exception {
    ours = TestSigner.gpgKey("ours");
    theirs = TestSigner.gpgKey("theirs");
    good = TestSigner.simple(ours, MANIFEST, NAME);
  }

  private static Claim verify(byte[] message, OpenPGPKey... trusted) throws Exception {
    var keys = new ByteArrayOutputStream();
    for (var key : trusted) {
      keys.writeBytes(TestSigner.certificate(key));
    }
    return new SimpleSigning(List.of(keys.toByteArray())).verify(new Signature.Simple(message));
  }

  private static void assertRefused(byte[] message, OpenPGPKey... trusted) {
    assertThatThrownBy(() -> verify(message, trusted))
        .isInstanceOfSatisfying(
            ImageException.class,
            e -> assertThat(e.kind()).isIn(Kind.SIGNATURE, Kind.CORRUPT, Kind.INVALID_REFERENCE));
  }

  @Test
  void aTrustedKeyMakesAGoodSignature() throws Exception {
    assertThat(verify(good, ours)).isEqualTo(new Claim(MANIFEST, NAME));
    assertThat(verify(good, theirs, ours)).isEqualTo(new Claim(MANIFEST, NAME));
  }

  @Test
  void keysMayBeInAsciiArmour() throws Exception {
    var armoured = ours.toCertificate().toAsciiArmoredString().getBytes(StandardCharsets.US_ASCII);
    assertThat(new SimpleSigning(List.of(armoured)).verify(new Signature.Simple(good)))
        .isEqualTo(new Claim(MANIFEST, NAME));
  }

  @Test
  void anotherKeyDoesNot() {
    assertRefused(good, theirs);
  }

  @Test
  void noChangedByteIsTaken() {
    var random = new Random(7);
    for (int i = 0; i < 400; i++) {
      var changed = good.clone();
      changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
      try {
        assertThat(verify(changed, ours)).isEqualTo(new Claim(MANIFEST, NAME));
      } catch (Exception refused) {
        assertThat(refused).isInstanceOf(ImageException.class);
      }
    }
  }

  @Test
  void noCutMessageIsTaken() {
    for (int length = 0; length < good.length; length += 3) {
      assertRefused(Arrays.copyOf(good, length), ours);
    }
  }

  @Test
  void contentOutsideTheSignatureIsNotTaken() throws Exception {
    var other = TestSigner.claim("atomic container signature", MANIFEST, "evil.test/x:1", "{}");
    var literal = TestSigner.literal(other.getBytes(StandardCharsets.UTF_8));
    assertRefused(literal, ours);
    for (var both : List.of(joined(literal, good), joined(good, literal))) {
      try {
        assertThat(verify(both, ours).reference()).isEqualTo(NAME);
      } catch (ImageException refused) {
        assertThat(refused.kind()).isIn(Kind.SIGNATURE, Kind.CORRUPT);
      }
    }
  }

  private static byte[] joined(byte[] first, byte[] second) {
    var all = new ByteArrayOutputStream();
    all.writeBytes(first);
    all.writeBytes(second);
    return all.toByteArray();
  }

  @Test
  void expiredKeysAndSignaturesAreRefused() throws Exception {
    var made = Date.from(Instant.now().minus(Duration.ofDays(3)));
    var signed = Date.from(Instant.now().minus(Duration.ofDays(2)));
    var key = TestSigner.gpgKey("old", made);
    var claim = TestSigner.claim("atomic container signature", MANIFEST, NAME, "{}");

    var lasting = TestSigner.gpgSigned(key, claim, signed, Duration.ofDays(20).toSeconds());
    assertThat(verify(lasting, key)).isEqualTo(new Claim(MANIFEST, NAME));
    assertRefused(TestSigner.gpgSigned(key, claim, signed, 3600), key);

    var expired =
        new BcOpenPGPApi()
            .generateKey(4, made)
            .withPrimaryKey(
                PGPKeyPairGenerator::generateEd25519KeyPair,
                SignatureParameters.Callback.Util.modifyHashedSubpackets(subpackets -> {
                  subpackets.setKeyExpirationTime(Duration.ofDays(2).toSeconds());
                  return subpackets;
                }))
            .addUserId("expired")
            .build();
    assertRefused(TestSigner.gpgSigned(expired, claim, signed, 0), expired);
  }

  @Test
  void claimsOfAnotherTypeAreRefused() throws Exception {
    for (var content :
        List.of(
            TestSigner.claim("cosign container image signature", MANIFEST, NAME, "{}"),
            "not JSON",
            TestSigner.claim("atomic container signature", MANIFEST, "", "{}"),
            TestSigner.claim("atomic container signature", MANIFEST, NAME, "{}, \"more\": 1"))) {
      assertRefused(TestSigner.gpgSigned(ours, content), ours);
    }
  }

  @Test
  void brokenKeysAreTheOperatorsFault() {
    assertThatThrownBy(() ->
            new SimpleSigning(List.of(new byte[] {1, 2, 3})).verify(new Signature.Simple(good)))
        .isInstanceOfSatisfying(
            ImageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.MISCONFIGURED));
  }
}
