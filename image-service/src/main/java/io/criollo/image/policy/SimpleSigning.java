// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.policy;

import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.api.OpenPGPCertificate;
import org.bouncycastle.openpgp.api.OpenPGPMessageInputStream;
import org.bouncycastle.openpgp.api.OpenPGPSignature.OpenPGPDocumentSignature;
import org.bouncycastle.openpgp.api.bc.BcOpenPGPApi;

/// Signatures that are OpenPGP messages with the claim inside ("simple signing",
/// containers-signature(5)), made by one of some keys.
///
/// @param keys key rings in binary or in ASCII armour
record SimpleSigning(List<byte[]> keys) implements Admission.Verifier {
  private static final String TYPE = "atomic container signature";

  @Override
  public Claim verify(Signature signature) throws ImageException {
    if (!(signature instanceof Signature.Simple(var message))) {
      throw new ImageException(Kind.SIGNATURE, "signature is not one of GPG");
    }
    return Claim.read(content(message), TYPE);
  }

  private byte[] content(byte[] message) throws ImageException {
    var api = new BcOpenPGPApi();
    try {
      var processor = api.decryptAndOrVerifyMessage();
      for (var ring : keys) {
        certificates(api, ring).forEach(processor::addVerificationCertificate);
      }
      var opened = processor.process(new ByteArrayInputStream(message));
      var content = read(opened);
      var signatures = opened.getResult().getSignatures();
      if (signatures.size() != 1) {
        throw new ImageException(
            Kind.SIGNATURE, "signature is made of " + signatures.size() + " signatures");
      }
      refuseInvalid(signatures.getFirst());
      return content;
    } catch (PGPException | IOException | RuntimeException e) {
      // the library says that input is malformed in many ways
      throw new ImageException(Kind.SIGNATURE, "signature cannot be read: " + e.getMessage(), e);
    }
  }

  private static void refuseInvalid(OpenPGPDocumentSignature signature)
      throws PGPException, ImageException {
    var what = "signature by key " + signature.getKeyIdentifier();
    var now = Date.from(Instant.now());
    if (!signature.isValid()) {
      throw new ImageException(Kind.SIGNATURE, what + " is not valid");
    }
    if (!signature.isEffectiveAt(now)) {
      throw new ImageException(Kind.SIGNATURE, what + " has expired");
    }
    if (!signature.getIssuer().isSigningKey(now)) {
      throw new ImageException(Kind.SIGNATURE, what + ": the key has expired or may not sign");
    }
  }

  private static byte[] read(OpenPGPMessageInputStream from) throws IOException, ImageException {
    try (from) {
      var content = new ByteArrayOutputStream();
      var block = new byte[8 << 10];
      for (int count; (count = from.read(block)) >= 0; ) {
        content.write(block, 0, count);
        if (content.size() > Signature.LONGEST) {
          throw new ImageException(Kind.SIGNATURE, "signature is longer than " + Signature.LONGEST);
        }
      }
      return content.toByteArray();
    }
  }

  private static List<OpenPGPCertificate> certificates(BcOpenPGPApi api, byte[] ring)
      throws ImageException {
    try {
      var found = api.readKeyOrCertificate().parseCertificates(ring);
      if (found.isEmpty()) {
        throw new IOException("there is none");
      }
      return found;
    } catch (IOException | RuntimeException e) {
      throw new ImageException(
          Kind.MISCONFIGURED, "key of the signature policy cannot be read: " + e.getMessage(), e);
    }
  }
}
