// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.tls;

import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/// A version of TLS, by Kubernetes' name and by the JDK's.
public enum TlsVersion {
  TLS12("VersionTLS12", "TLSv1.2"),
  TLS13("VersionTLS13", "TLSv1.3");

  private final String text;
  private final String protocol;

  TlsVersion(String text, String protocol) {
    this.text = text;
    this.protocol = protocol;
  }

  public static Optional<TlsVersion> of(String text) {
    return Arrays.stream(values()).filter(version -> version.text.equals(text)).findFirst();
  }

  /// {@return whether the JDK has the cipher suite of this IANA name}
  public static boolean knows(String cipherSuite) {
    try {
      var known = SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites();
      return Arrays.asList(known).contains(cipherSuite);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the JDK has no TLS", e);
    }
  }

  /// {@return this and all later ones, as the JDK names them}
  String[] andLater() {
    return List.of(values()).reversed().stream()
        .filter(version -> version.compareTo(this) >= 0)
        .map(version -> version.protocol)
        .toArray(String[]::new);
  }
}
