// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.policy;

import io.criollo.image.policy.Signature.Sigstore;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// Signatures that sigstore's cosign attaches to images: the claim, and a signature of it in an
/// annotation.
record SigstoreSigning(Signer signer) implements Admission.Verifier {
  static final String MEDIA_TYPE = "application/vnd.dev.cosign.simplesigning.v1+json";
  static final String SIGNATURE = "dev.cosignproject.cosign/signature";
  static final String TIMESTAMP = "dev.sigstore.cosign/bundle";
  static final String CERTIFICATE = "dev.sigstore.cosign/certificate";
  static final String CHAIN = "dev.sigstore.cosign/chain";
  private static final String TYPE = "cosign container image signature";

  /// Says which keys may have made a signature.
  interface Signer {
    List<PublicKey> keys(Sigstore signature) throws ImageException;
  }

  @Override
  public Claim verify(Signature signature) throws ImageException {
    if (!(signature instanceof Sigstore sigstore) || !sigstore.mediaType().equals(MEDIA_TYPE)) {
      throw new ImageException(Kind.SIGNATURE, "signature is not one of sigstore");
    }
    var made = base64(annotation(sigstore, SIGNATURE));
    for (var key : signer.keys(sigstore)) {
      if (PublicKeys.verifies(key, sigstore.payload(), made)) {
        return Claim.read(sigstore.payload(), TYPE);
      }
    }
    throw new ImageException(Kind.SIGNATURE, "signature is by none of the keys");
  }

  static String annotation(Sigstore signature, String name) throws ImageException {
    var value = signature.annotations().get(name);
    if (value == null) {
      throw new ImageException(Kind.SIGNATURE, "signature has no annotation " + name);
    }
    return value;
  }

  /// Line ends in it are as good as not there, for so Go has it.
  static byte[] base64(String text) throws ImageException {
    try {
      return Base64.getDecoder().decode(text.replaceAll("[\\r\\n]", ""));
    } catch (IllegalArgumentException e) {
      throw new ImageException(Kind.SIGNATURE, "signature is not base64", e);
    }
  }

  /// Known keys.
  ///
  /// @param log that must have seen the signature
  record OneOfKeys(List<PublicKey> known, Optional<RekorLog> log) implements Signer {
    @Override
    public List<PublicKey> keys(Sigstore signature) throws ImageException {
      if (log.isEmpty()) {
        return known;
      }
      var logged = new ArrayList<PublicKey>();
      var reasons = new ArrayList<String>();
      for (var key : known) {
        try {
          log.get().timeOf(signature, key.getEncoded());
          logged.add(key);
        } catch (ImageException e) {
          reasons.add(e.getMessage());
        }
      }
      if (logged.isEmpty()) {
        throw new ImageException(Kind.SIGNATURE, String.join("; ", reasons));
      }
      return logged;
    }
  }

  static ImageException invalid(String what, GeneralSecurityException e) {
    return new ImageException(Kind.SIGNATURE, what + ": " + e.getMessage(), e);
  }
}
