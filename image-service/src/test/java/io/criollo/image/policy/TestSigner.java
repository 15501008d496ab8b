// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.policy;

import io.criollo.image.reference.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.openpgp.PGPLiteralData;
import org.bouncycastle.openpgp.PGPLiteralDataGenerator;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureGenerator;
import org.bouncycastle.openpgp.PGPSignatureSubpacketGenerator;
import org.bouncycastle.openpgp.api.OpenPGPKey;
import org.bouncycastle.openpgp.api.bc.BcOpenPGPApi;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentSignerBuilder;

/// Signs images for tests, by OpenPGP and as cosign does.
public final class TestSigner {
  private TestSigner() {}

  public static OpenPGPKey gpgKey(String name) throws Exception {
    return gpgKey(name, Date.from(Instant.now()));
  }

  static OpenPGPKey gpgKey(String name, Date made) throws Exception {
    return new BcOpenPGPApi().generateKey(4, made).signOnlyKey().addUserId(name).build();
  }

  public static byte[] certificate(OpenPGPKey key) throws Exception {
    return key.toCertificate().getEncoded();
  }

  /// {@return a message signed a while ago, with a signature that lasts some seconds}
  static byte[] gpgSigned(OpenPGPKey key, String content, Date at, long seconds) throws Exception {
    var secret = key.getPrimarySecretKey().unlock().getKeyPair();
    var generator =
        new PGPSignatureGenerator(
            new BcPGPContentSignerBuilder(
                secret.getPublicKey().getAlgorithm(), HashAlgorithmTags.SHA512),
            secret.getPublicKey());
    generator.init(PGPSignature.BINARY_DOCUMENT, secret.getPrivateKey());
    var subpackets = new PGPSignatureSubpacketGenerator();
    subpackets.setSignatureCreationTime(at);
    subpackets.setIssuerFingerprint(false, secret.getPublicKey());
    if (seconds > 0) {
      subpackets.setSignatureExpirationTime(seconds);
    }
    generator.setHashedSubpackets(subpackets.generate());
    var bytes = content.getBytes(StandardCharsets.UTF_8);
    var message = new ByteArrayOutputStream();
    generator.generateOnePassVersion(false).encode(message);
    message.writeBytes(literal(bytes));
    generator.update(bytes);
    generator.generate().encode(message);
    return message.toByteArray();
  }

  static byte[] literal(byte[] content) throws IOException {
    var message = new ByteArrayOutputStream();
    var generator = new PGPLiteralDataGenerator();
    try (var out =
        generator.open(
            message, PGPLiteralData.BINARY, "", content.length, Date.from(Instant.now()))) {
      out.write(content);
    }
    return message.toByteArray();
  }

  public static byte[] simple(OpenPGPKey key, Digest manifest, String name) throws Exception {
    return gpgSigned(
        key, claim("atomic container signature", manifest, name, "{\"creator\": \"test\"}"));
  }

  static String claim(String type, Digest manifest, String name, String optional) {
    return """
    {"critical": {"type": "%s", "image": {"docker-manifest-digest": "%s"},
    "identity": {"docker-reference": "%s"}}, "optional": %s}\
    """
        .formatted(type, manifest, name, optional);
  }

  static byte[] gpgSigned(OpenPGPKey key, String content) throws Exception {
    var message = new ByteArrayOutputStream();
    var generator = new BcOpenPGPApi().signAndOrEncryptMessage().setArmored(false);
    try (var out = generator.addSigningKey(key).open(message)) {
      out.write(content.getBytes(StandardCharsets.UTF_8));
    }
    return message.toByteArray();
  }

  public static KeyPair ecKey() throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    return generator.generateKeyPair();
  }

  public static String pem(KeyPair key) {
    return pem("PUBLIC KEY", key.getPublic().getEncoded());
  }

  public static String pem(String type, byte[] der) {
    var text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + type + "-----\n" + text + "\n-----END " + type + "-----\n";
  }

  public static Signature.Sigstore sigstore(KeyPair key, Digest manifest, String name)
      throws GeneralSecurityException {
    var payload =
        claim("cosign container image signature", manifest, name, "null")
            .getBytes(StandardCharsets.UTF_8);
    return sigstore(key, payload);
  }

  static Signature.Sigstore sigstore(KeyPair key, byte[] payload) throws GeneralSecurityException {
    var annotations = Map.of(SigstoreSigning.SIGNATURE, signed(key, payload));
    return new Signature.Sigstore(SigstoreSigning.MEDIA_TYPE, payload, annotations);
  }

  static String signed(KeyPair key, byte[] content) throws GeneralSecurityException {
    var algorithm =
        switch (key.getPublic().getAlgorithm()) {
          case "EC" -> "SHA256withECDSA";
          case "RSA" -> "SHA256withRSA";
          default -> "Ed25519";
        };
    var signer = java.security.Signature.getInstance(algorithm);
    signer.initSign(key.getPrivate());
    signer.update(content);
    return Base64.getEncoder().encodeToString(signer.sign());
  }

  static Signature.Sigstore with(Signature.Sigstore signature, String annotation, String value) {
    var annotations = new HashMap<>(signature.annotations());
    annotations.put(annotation, value);
    return new Signature.Sigstore(signature.mediaType(), signature.payload(), annotations);
  }
}
