// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.policy;

import io.criollo.image.policy.Signature.Sigstore;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1UTF8String;

/// Whoever Fulcio gave a certificate to, for an e-mail address that an identity provider vouched
/// for. The certificate must have been good when the log saw the signature.
record FulcioSigner(List<X509Certificate> authorities, String issuer, String email, RekorLog log)
    implements SigstoreSigning.Signer {
  // https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md
  private static final String ISSUER_V1 = "1.3.6.1.4.1.57264.1.1";
  private static final String ISSUER_V2 = "1.3.6.1.4.1.57264.1.8";

  @Override
  public List<PublicKey> keys(Sigstore signature) throws ImageException {
    var chain = CertificateChain.of(signature);
    try {
      var at = log.timeOf(signature, chain.leaf().getEncoded());
      chain.verify(authorities, List.of(), at);
    } catch (CertificateEncodingException e) {
      throw SigstoreSigning.invalid("certificate of the signature", e);
    }
    if (!isFromIssuer(chain.leaf())) {
      throw CertificateChain.notFor("users of " + issuer);
    }
    if (!chain.isForEmail(email)) {
      throw CertificateChain.notFor(email);
    }
    return List.of(chain.leaf().getPublicKey());
  }

  /// Either extension will do, and none may say otherwise.
  private boolean isFromIssuer(X509Certificate leaf) throws ImageException {
    var said = new ArrayList<String>();
    try {
      var first = leaf.getExtensionValue(ISSUER_V1);
      if (first != null) {
        said.add(new String(octets(first), StandardCharsets.UTF_8));
      }
      var second = leaf.getExtensionValue(ISSUER_V2);
      if (second != null) {
        said.add(ASN1UTF8String.getInstance(octets(second)).getString());
      }
    } catch (IllegalArgumentException e) {
      throw new ImageException(
          Kind.SIGNATURE, "certificate of the signature is malformed: " + e.getMessage(), e);
    }
    return !said.isEmpty() && said.stream().allMatch(issuer::equals);
  }

  private static byte[] octets(byte[] extension) {
    return ASN1OctetString.getInstance(extension).getOctets();
  }
}
