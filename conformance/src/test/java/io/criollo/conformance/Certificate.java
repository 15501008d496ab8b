// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A fresh self-signed certificate for 127.0.0.1 and its key, made by the JRE's keytool.
record Certificate(KeyStore store) {
  private static final String PASSWORD = "changeit";

  static Certificate make(Path file) throws Exception {
    Command.run(
        (Path.of(System.getProperty("java.home"), "bin/keytool")
                + " -genkeypair -alias own -validity 2 -storetype PKCS12 -keyalg EC"
                + " -dname CN=localhost -ext san=ip:127.0.0.1 -storepass "
                + PASSWORD
                + " -keystore "
                + file)
            .split(" ", -1));
    return new Certificate(KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray()));
  }

  /// Writes certificate and key in PEM form: whole files, each by one rename.
  void write(Path certificate, Path key) throws IOException, GeneralSecurityException {
    write(certificate, "CERTIFICATE", store.getCertificate("own").getEncoded());
    write(key, "PRIVATE KEY", store.getKey("own", PASSWORD.toCharArray()).getEncoded());
  }

  private static void write(Path file, String label, byte[] der) throws IOException {
    String text =
        "-----BEGIN %s-----%n%s%n-----END %s-----%n"
            .formatted(label, Base64.getMimeEncoder().encodeToString(der), label);
    Path whole = Files.writeString(file.resolveSibling(file.getFileName() + ".new"), text);
    Files.move(whole, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  /// {@return a client that trusts this certificate only}
  SSLContext client() throws IOException, GeneralSecurityException {
    var trust = KeyStore.getInstance("PKCS12");
    trust.load(null, null);
    trust.setCertificateEntry("server", store.getCertificate("own"));
    var trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trusted.init(trust);
    var context = SSLContext.getInstance("TLS");
    context.init(null, trusted.getTrustManagers(), null);
    return context;
  }
}
