// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.image.json.Json;
import io.criollo.image.policy.Signature.Sigstore;
import io.criollo.image.reference.Digest;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class SigstoreSigningTest {
  private static final Digest MANIFEST = Digest.ofSha256(new byte[] {1});
  private static final String NAME = "reg.test/app:v1";
  private static final String ISSUER = "https://id.example";
  private static final String EMAIL = "who@example.com";

  private static Claim verify(String requirement, Signature signature) throws ImageException {
    var json = Json.read("policy", requirement.getBytes(StandardCharsets.UTF_8));
    return SigstoreTrust.read(json).prepare().verify(signature);
  }

  private static void assertRefused(String requirement, Signature signature, String why) {
    assertThatThrownBy(() -> verify(requirement, signature))
        .isInstanceOfSatisfying(
            ImageException.class, e -> assertThat(e.kind()).isIn(Kind.SIGNATURE, Kind.CORRUPT))
        .hasMessageContaining(why);
  }

  private static String data(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String keys(KeyPair... keys) {
    var all = new StringBuilder();
    for (var key : keys) {
      all.append(all.isEmpty() ? "" : ",")
          .append('"')
          .append(data(TestSigner.pem(key)))
          .append('"');
    }
    return "\"type\": \"sigstoreSigned\", \"keyDatas\": [" + all + "]";
  }

  @Test
  void eachKindOfKeyMakesGoodSignatures() throws Exception {
    for (var algorithm : new String[] {"EC", "RSA", "Ed25519"}) {
      var key = KeyPairGenerator.getInstance(algorithm).generateKeyPair();
      var signature = TestSigner.sigstore(key, MANIFEST, NAME);
      assertThat(verify("{" + keys(key) + "}", signature)).isEqualTo(new Claim(MANIFEST, NAME));
      assertThat(verify("{" + keys(TestSigner.ecKey(), key) + "}", signature))
          .isEqualTo(new Claim(MANIFEST, NAME));
      assertRefused("{" + keys(TestSigner.ecKey()) + "}", signature, "none of the keys");
    }
  }

  @Test
  void changedPayloadsAndOtherKindsAreRefused() throws Exception {
    var key = TestSigner.ecKey();
    var policy = "{" + keys(key) + "}";
    var good = TestSigner.sigstore(key, MANIFEST, NAME);
    var changed = good.payload().clone();
    changed[changed.length - 3] ^= 1;
    assertRefused(
        policy, new Sigstore(good.mediaType(), changed, good.annotations()), "none of the keys");
    assertRefused(
        policy, new Sigstore("text/plain", good.payload(), good.annotations()), "not one");
    assertRefused(policy, new Signature.Simple(good.payload()), "not one of sigstore");
    assertRefused(policy, TestSigner.with(good, SigstoreSigning.SIGNATURE, "*"), "not base64");
    assertRefused(
        policy,
        TestSigner.sigstore(
            key,
            TestSigner.claim("atomic container signature", MANIFEST, NAME, "null")
                .getBytes(StandardCharsets.UTF_8)),
        "type");
  }

  private static Sigstore logged(Sigstore signature, KeyPair log, String signer, Instant at)
      throws Exception {
    var body =
        data(
            """
            {"apiVersion":"0.0.1","kind":"hashedrekord","spec":{"data":{"hash":{"algorithm":"sha256",
            "value":"%s"}},"signature":{"content":"%s","publicKey":{"content":"%s"}}}}\
            """
                .formatted(
                    Digest.ofSha256(signature.payload()).hex(),
                    signature.annotations().get(SigstoreSigning.SIGNATURE),
                    data(signer)));
    var id = "0123456789abcdef".repeat(4);
    var canonical =
        "{\"body\":\"%s\",\"integratedTime\":%d,\"logID\":\"%s\",\"logIndex\":7}"
            .formatted(body, at.getEpochSecond(), id);
    var promise =
        """
        {"SignedEntryTimestamp": "%s",
        "Payload": {"logIndex": 7, "integratedTime": %d, "logID": "%s", "body": "%s"}}\
        """
            .formatted(
                TestSigner.signed(log, canonical.getBytes(StandardCharsets.UTF_8)),
                at.getEpochSecond(),
                id,
                body);
    return TestSigner.with(signature, SigstoreSigning.TIMESTAMP, promise);
  }

  private static String rekor(KeyPair log) {
    return "\"rekorPublicKeyData\": \"" + data(TestSigner.pem(log)) + '"';
  }

  @Test
  void aLogMustHaveSeenTheVerySignature() throws Exception {
    var key = TestSigner.ecKey();
    var log = TestSigner.ecKey();
    var policy = "{" + keys(TestSigner.ecKey(), key) + "," + rekor(log) + "}";
    var signature = TestSigner.sigstore(key, MANIFEST, NAME);
    var now = Instant.now();
    var good = logged(signature, log, TestSigner.pem(key), now);

    assertThat(verify(policy, good)).isEqualTo(new Claim(MANIFEST, NAME));
    assertRefused(policy, signature, "no annotation dev.sigstore.cosign/bundle");
    assertRefused(
        policy, logged(signature, key, TestSigner.pem(key), now), "not signed by the log");
    assertRefused(
        policy, logged(signature, log, TestSigner.pem(TestSigner.ecKey()), now), "another key");
    var other = TestSigner.sigstore(key, MANIFEST, "reg.test/other:v1");
    var bundle = SigstoreSigning.annotation(good, SigstoreSigning.TIMESTAMP);
    assertRefused(
        policy, TestSigner.with(other, SigstoreSigning.TIMESTAMP, bundle), "another signature");
    assertRefused(
        policy,
        TestSigner.with(
            good,
            SigstoreSigning.TIMESTAMP,
            bundle.replaceFirst("\"logIndex\": 7", "\"logIndex\": 8")),
        "not signed by the log");
  }

  private static String fulcio(TestAuthority authority, KeyPair log, String issuer, String email) {
    return """
    {"type": "sigstoreSigned", %s, "fulcio": {"caData": "%s", "oidcIssuer": "%s",
    "subjectEmail": "%s"}}\
    """
        .formatted(rekor(log), data(authority.pem()), issuer, email);
  }

  @Test
  void fulcioVouchesForWhoSignedWhenTheLogSawIt() throws Exception {
    var authority = new TestAuthority();
    var log = TestSigner.ecKey();
    var key = TestSigner.ecKey();
    var then = Instant.now().minus(Duration.ofDays(400));
    var certificate = authority.certificate(key, EMAIL, ISSUER, then);
    var signature =
        TestSigner.with(
            TestSigner.sigstore(key, MANIFEST, NAME), SigstoreSigning.CERTIFICATE, certificate);
    var good = logged(signature, log, certificate, then.plusSeconds(60));

    var policy = fulcio(authority, log, ISSUER, EMAIL);
    assertThat(verify(policy, good)).isEqualTo(new Claim(MANIFEST, NAME));
    assertThat(verify(policy, TestSigner.with(good, SigstoreSigning.CHAIN, authority.pem())))
        .isEqualTo(new Claim(MANIFEST, NAME));
    assertRefused(fulcio(authority, log, "https://else.example", EMAIL), good, "users of");
    assertRefused(fulcio(authority, log, ISSUER, "x@example.com"), good, "x@example.com");
    assertRefused(fulcio(new TestAuthority(), log, ISSUER, EMAIL), good, "certificate");
    assertRefused(
        policy, logged(signature, log, certificate, then.plus(Duration.ofDays(1))), "certificate");
    assertRefused(policy, signature, "no annotation");
    var other = authority.certificate(TestSigner.ecKey(), EMAIL, ISSUER, then);
    assertRefused(
        policy,
        logged(
            TestSigner.with(signature, SigstoreSigning.CERTIFICATE, other),
            log,
            other,
            then.plusSeconds(60)),
        "none of the keys");
  }

  @Test
  void onesOwnAuthoritiesVouchForWhoSigns() throws Exception {
    var authority = new TestAuthority();
    var key = TestSigner.ecKey();
    var certificate = authority.certificate(key, EMAIL, ISSUER, Instant.now());
    var signature =
        TestSigner.with(
            TestSigner.sigstore(key, MANIFEST, NAME), SigstoreSigning.CERTIFICATE, certificate);
    var policy =
        "{\"type\": \"sigstoreSigned\", \"pki\": {\"caRootsData\": \"%s\", \"subjectEmail\":"
            + " \"%s\"}}";

    assertThat(verify(policy.formatted(data(authority.pem()), EMAIL), signature))
        .isEqualTo(new Claim(MANIFEST, NAME));
    assertRefused(policy.formatted(data(authority.pem()), "x@example.com"), signature, "x@");
    assertRefused(
        policy.formatted(data(new TestAuthority().pem()), EMAIL), signature, "certificate");
    var old = authority.certificate(key, EMAIL, ISSUER, Instant.now().minus(Duration.ofDays(9)));
    assertRefused(
        policy.formatted(data(authority.pem()), EMAIL),
        TestSigner.with(signature, SigstoreSigning.CERTIFICATE, old),
        "certificate");
  }
}
