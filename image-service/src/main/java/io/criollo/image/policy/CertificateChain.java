// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.policy;

import io.criollo.image.policy.Signature.Sigstore;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/// The certificate that came with a signature, and those that are said to vouch for it.
record CertificateChain(X509Certificate leaf, List<X509Certificate> others) {
  /// For signing code, or for anything; a certificate that says nothing is for anything too.
  private static final List<String> SIGNING = List.of("1.3.6.1.5.5.7.3.3", "2.5.29.37.0");

  private static final int EMAIL = 1;
  private static final int HOST = 2;

  static CertificateChain of(Sigstore signature) throws ImageException {
    var certificate = SigstoreSigning.annotation(signature, SigstoreSigning.CERTIFICATE);
    var chain = signature.annotations().getOrDefault(SigstoreSigning.CHAIN, "");
    try {
      var leaf = PublicKeys.parse(certificate.getBytes(StandardCharsets.UTF_8));
      if (leaf.size() != 1) {
        throw new ImageException(Kind.SIGNATURE, "signature must have one certificate");
      }
      var others =
          chain.isBlank()
              ? List.<X509Certificate>of()
              : PublicKeys.parse(chain.getBytes(StandardCharsets.UTF_8));
      return new CertificateChain(leaf.getFirst(), others);
    } catch (GeneralSecurityException e) {
      throw SigstoreSigning.invalid("certificate of the signature", e);
    }
  }

  /// Refuses a certificate that no authority vouches for, or not for signing, at a moment.
  void verify(List<X509Certificate> roots, List<X509Certificate> between, Instant at)
      throws ImageException {
    var all = new ArrayList<>(others);
    all.addAll(between);
    all.add(leaf);
    try {
      var target = new X509CertSelector();
      target.setCertificate(leaf);
      var anchors =
          roots.stream().map(root -> new TrustAnchor(root, null)).collect(Collectors.toSet());
      var parameters = new PKIXBuilderParameters(anchors, target);
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(at));
      parameters.addCertStore(
          CertStore.getInstance("Collection", new CollectionCertStoreParameters(all)));
      CertPathBuilder.getInstance("PKIX").build(parameters);
      var usages = leaf.getExtendedKeyUsage();
      if (usages != null && Collections.disjoint(usages, SIGNING)) {
        throw new ImageException(
            Kind.SIGNATURE, "certificate of the signature is not for signing code");
      }
    } catch (GeneralSecurityException e) {
      throw SigstoreSigning.invalid("certificate of the signature", e);
    }
  }

  boolean isForEmail(String email) throws ImageException {
    return names(EMAIL).contains(email);
  }

  boolean isForHost(String host) throws ImageException {
    return names(HOST).contains(host);
  }

  private List<String> names(int type) throws ImageException {
    try {
      var found = new ArrayList<String>();
      var names = leaf.getSubjectAlternativeNames();
      for (var name : Objects.requireNonNullElse(names, List.<List<?>>of())) {
        if (name.get(0).equals(type) && name.get(1) instanceof String text) {
          found.add(text);
        }
      }
      return found;
    } catch (GeneralSecurityException e) {
      throw SigstoreSigning.invalid("certificate of the signature", e);
    }
  }

  static ImageException notFor(String whom) {
    return new ImageException(Kind.SIGNATURE, "certificate of the signature is not for " + whom);
  }
}
