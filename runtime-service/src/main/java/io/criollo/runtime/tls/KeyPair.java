// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.tls;

import io.criollo.image.pem.Pem;
import io.criollo.image.pem.PrivateKeys;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.util.ArrayList;
import java.util.List;

/// A certificate with those that vouch for it, first its own, and its private key.
record KeyPair(List<X509Certificate> chain, PrivateKey key) {
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
    var blocks = Pem.read(file);
    try {
      return PrivateKeys.first(blocks);
    } catch (InvalidKeySpecException e) {
      throw new IOException("read " + file + ": " + e.getMessage(), e);
    }
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
