// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;

/// A certificate with those that vouch for it, first its own, and its private key.
record KeyPair(List<X509Certificate> chain, PrivateKey key) {
  private static final byte[] RSA = {
    0x06, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1
  };
  private static final byte[] EC = {0x06, 7, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1};
  private static final int CURVE = 0xa0;

  KeyPair {
    chain = List.copyOf(chain);
  }

  /// @throws IOException when they cannot be read, do not belong together, or are out of date
  static KeyPair read(Path certificate, Path key) throws IOException {
    var chain = certificates(certificate);
    try {
      chain.getFirst().checkValidity();
      var pair = new KeyPair(chain, privateKey(key));
      pair.check();
      return pair;
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException(
          "use certificate %s with key %s: %s".formatted(certificate, key, e.getMessage()), e);
    }
  }

  /// {@return the file's certificates, at least one}
  static List<X509Certificate> certificates(Path file) throws IOException {
    var found = new ArrayList<X509Certificate>();
    try {
      var factory = CertificateFactory.getInstance("X.509");
      for (var block : Pem.read(file)) {
        if (block.label().equals("CERTIFICATE")) {
          var in = new ByteArrayInputStream(block.der());
          found.add((X509Certificate) factory.generateCertificate(in));
        }
      }
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException("read certificate of " + file + ": " + e.getMessage(), e);
    }
    if (found.isEmpty()) {
      throw new IOException("read " + file + ": no certificate in PEM form");
    }
    return found;
  }

  private static PrivateKey privateKey(Path file) throws IOException, GeneralSecurityException {
    for (var block : Pem.read(file)) {
      switch (block.label()) {
        case "PRIVATE KEY" -> {
          return pkcs8(block.der());
        }
        case "RSA PRIVATE KEY" -> {
          return pkcs8(wrapped(Der.sequence(RSA, Der.NULL), block.der()));
        }
        case "EC PRIVATE KEY" -> {
          var curve = Der.inside(block.der(), CURVE);
          return pkcs8(wrapped(Der.sequence(EC, curve), block.der()));
        }
        case "ENCRYPTED PRIVATE KEY" ->
            throw new IOException("read " + file + ": the key must not need a password");
        default -> {} // curve parameters, a certificate
      }
    }
    throw new IOException("read " + file + ": no private key in PEM form");
  }

  /// The older forms of keys (PKCS #1, SEC 1) are the inner part of the newer one.
  private static byte[] wrapped(byte[] algorithm, byte[] key) {
    return Der.sequence(Der.ZERO, algorithm, Der.octets(key));
  }

  private static PrivateKey pkcs8(byte[] der) throws GeneralSecurityException {
    var failure = new GeneralSecurityException("the key is neither RSA nor EC nor EdDSA");
    for (var algorithm : List.of("RSA", "EC", "EdDSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
      } catch (InvalidKeySpecException e) {
        failure.addSuppressed(e);
      }
    }
    throw failure;
  }

  private void check() throws GeneralSecurityException {
    var algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> "EdDSA";
        };
    var text = "these two belong together".getBytes(StandardCharsets.US_ASCII);
    var signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(text);
    var signed = signature.sign();
    signature.initVerify(chain.getFirst());
    signature.update(text);
    if (!signature.verify(signed)) {
      throw new GeneralSecurityException("the key is not the certificate's");
    }
  }
}
