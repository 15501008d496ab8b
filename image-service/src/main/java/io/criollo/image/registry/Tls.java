// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

import io.criollo.image.pem.Pem;
import io.criollo.image.pem.PrivateKeys;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// TLS towards registries. Trusted is what the system trusts, as for all other programs of the
/// node, and only where it says nothing what the JDK brings.
final class Tls {
  private static final List<Path> SYSTEM =
      List.of(
          Path.of("/etc/ssl/certs/ca-certificates.crt"),
          Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
          Path.of("/etc/ssl/ca-bundle.pem"),
          Path.of("/etc/ssl/cert.pem"));
  private static final char[] NO_PASSWORD = {};

  private Tls() {}

  /// {@return TLS for registries with these certificates}
  ///
  /// @param insecure whether the registry's own certificate goes unchecked
  static SSLContext context(Certificates certificates, boolean insecure) throws ImageException {
    try {
      var context = SSLContext.getInstance("TLS");
      var trust = insecure ? TrustAll.managers() : trust(certificates);
      context.init(identities(certificates), trust, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new ImageException(
          Kind.MISCONFIGURED, "certificates for registry: " + e.getMessage(), e);
    }
  }

  private static TrustManager[] trust(Certificates certificates) throws GeneralSecurityException {
    var own = new ArrayList<Certificate>();
    for (var authority : certificates.authorities()) {
      own.addAll(parse(authority));
    }
    return new TrustManager[] {new SystemTrust(() -> trust(own))};
  }

  private static X509ExtendedTrustManager trust(Collection<Certificate> own)
      throws GeneralSecurityException, IOException {
    var trusted = new ArrayList<Certificate>(system());
    trusted.addAll(own);
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted.isEmpty() ? null : store(trusted)); // null is the JDK's
    return Stream.of(factory.getTrustManagers())
        .filter(X509ExtendedTrustManager.class::isInstance)
        .map(X509ExtendedTrustManager.class::cast)
        .findFirst()
        .orElseThrow();
  }

  private static Collection<? extends Certificate> system()
      throws GeneralSecurityException, IOException {
    var named = System.getenv("SSL_CERT_FILE");
    var files = named == null || named.isEmpty() ? SYSTEM : List.of(Path.of(named));
    for (var file : files) {
      if (Files.isReadable(file)) {
        return parse(Files.readAllBytes(file));
      }
    }
    return List.of();
  }

  private static Collection<? extends Certificate> parse(byte[] pem)
      throws GeneralSecurityException {
    return CertificateFactory.getInstance("X.509")
        .generateCertificates(new ByteArrayInputStream(pem));
  }

  private static KeyManager @Nullable [] identities(Certificates certificates)
      throws GeneralSecurityException, IOException {
    if (certificates.identities().isEmpty()) {
      return null;
    }
    var store = store();
    for (int i = 0; i < certificates.identities().size(); i++) {
      var identity = certificates.identities().get(i);
      var chain = parse(identity.chain()).toArray(Certificate[]::new);
      var key = PrivateKeys.first(Pem.parse(identity.key()));
      store.setKeyEntry("own" + i, key, NO_PASSWORD, chain);
    }
    var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private static KeyStore store(List<Certificate> trusted)
      throws GeneralSecurityException, IOException {
    var store = store();
    for (int i = 0; i < trusted.size(); i++) {
      store.setCertificateEntry("ca" + i, trusted.get(i));
    }
    return store;
  }

  private static KeyStore store() throws GeneralSecurityException, IOException {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    return store;
  }
}
