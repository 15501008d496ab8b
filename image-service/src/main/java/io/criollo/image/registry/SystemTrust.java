// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Trust that is loaded when a server first shows a certificate: the system's authorities are more
/// than a hundred, and most places that a pull could go to are never asked. Thread-safe.
final class SystemTrust extends X509ExtendedTrustManager {
  private final Loading loading;
  private @Nullable X509ExtendedTrustManager loaded;

  /// Reads what is trusted.
  interface Loading {
    X509ExtendedTrustManager load() throws GeneralSecurityException, IOException;
  }

  SystemTrust(Loading loading) {
    this.loading = loading;
  }

  private synchronized X509ExtendedTrustManager trust() throws CertificateException {
    var found = loaded;
    if (found == null) {
      try {
        found = loading.load();
      } catch (GeneralSecurityException | IOException e) {
        throw new CertificateException("cannot read what the system trusts: " + e.getMessage(), e);
      }
      loaded = found;
    }
    return found;
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    trust().checkClientTrusted(chain, type, socket);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    trust().checkServerTrusted(chain, type, socket);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    trust().checkClientTrusted(chain, type, engine);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    trust().checkServerTrusted(chain, type, engine);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    trust().checkClientTrusted(chain, type);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    trust().checkServerTrusted(chain, type);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    try {
      return trust().getAcceptedIssuers();
    } catch (CertificateException unread) {
      return new X509Certificate[0];
    }
  }
}
