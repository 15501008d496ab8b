// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.policy;

import io.criollo.image.pem.Pem;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;

/// Public keys and certificates in PEM, and signatures by them.
final class PublicKeys {
  private PublicKeys() {}

  /// {@return the content of the only block of a text}
  static byte[] only(byte[] text) throws InvalidKeySpecException {
    var blocks = Pem.parse(text);
    if (blocks.size() != 1) {
      throw new InvalidKeySpecException("it is not one block of PEM");
    }
    try {
      return blocks.getFirst().der();
    } catch (IllegalArgumentException e) {
      throw new InvalidKeySpecException("it is not base64", e);
    }
  }

  /// {@return a key of a policy}
  static PublicKey of(byte[] pem) throws ImageException {
    try {
      var spec = new X509EncodedKeySpec(only(pem));
      for (var algorithm : List.of("EC", "RSA", "Ed25519")) {
        try {
          return KeyFactory.getInstance(algorithm).generatePublic(spec);
        } catch (InvalidKeySpecException e) {
          // of another algorithm
        }
      }
      throw new InvalidKeySpecException("it is none of EC, RSA and Ed25519");
    } catch (GeneralSecurityException e) {
      throw new ImageException(
          Kind.MISCONFIGURED, "public key of the signature policy: " + e.getMessage(), e);
    }
  }

  /// {@return the certificates of a policy}
  static List<X509Certificate> certificates(List<byte[]> pems) throws ImageException {
    var all = new ArrayList<X509Certificate>();
    for (var pem : pems) {
      try {
        var found = parse(pem);
        if (found.isEmpty()) {
          throw new GeneralSecurityException("there is none");
        }
        all.addAll(found);
      } catch (GeneralSecurityException e) {
        throw new ImageException(
            Kind.MISCONFIGURED, "certificates of the signature policy: " + e.getMessage(), e);
      }
    }
    return all;
  }

  static List<X509Certificate> parse(byte[] pem) throws GeneralSecurityException {
    var found = new ArrayList<X509Certificate>();
    var factory = CertificateFactory.getInstance("X.509");
    for (var each : factory.generateCertificates(new ByteArrayInputStream(pem))) {
      found.add((X509Certificate) each);
    }
    return found;
  }

  /// {@return whether a key made a signature of some bytes}, by the algorithms that sigstore uses:
  /// ECDSA and RSA (PKCS #1) with SHA-256, Ed25519
  static boolean verifies(PublicKey key, byte[] content, byte[] signature) {
    try {
      var verifier =
          java.security.Signature.getInstance(
              switch (key.getAlgorithm()) {
                case "EC" -> "SHA256withECDSA";
                case "RSA" -> "SHA256withRSA";
                default -> "Ed25519";
              });
      verifier.initVerify(key);
      verifier.update(content);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false; // a signature that is none
    }
  }
}
