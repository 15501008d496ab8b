// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.policy;

import io.criollo.image.policy.Signature.Sigstore;
import io.criollo.image.reference.ImageException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Whoever one's own authorities gave a certificate to, for an e-mail address, a host, or both. The
/// certificate must be good now.
record PkiSigner(
    List<X509Certificate> roots,
    List<X509Certificate> intermediates,
    Optional<String> email,
    Optional<String> host)
    implements SigstoreSigning.Signer {

  @Override
  public List<PublicKey> keys(Sigstore signature) throws ImageException {
    var chain = CertificateChain.of(signature);
    chain.verify(roots, intermediates, Instant.now());
    if (email.isPresent() && !chain.isForEmail(email.get())) {
      throw CertificateChain.notFor(email.get());
    }
    if (host.isPresent() && !chain.isForHost(host.get())) {
      throw CertificateChain.notFor(host.get());
    }
    return List.of(chain.leaf().getPublicKey());
  }
}
