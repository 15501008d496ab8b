// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.tls;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// Makes one engine per connection, from the files as they are: they are looked at for each
/// connection and read when they changed. New files that cannot be used are logged once, and those
/// before them hold. Thread-safe.
public final class TlsEngines {
  private static final Logger LOG = System.getLogger(TlsEngines.class.getName());

  private record Stamp(FileTime changed, long size, @Nullable Object inode) {
    private static final Stamp MISSING = new Stamp(FileTime.fromMillis(0), -1, null);

    static Stamp of(Path file) {
      try {
        var attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
      } catch (IOException e) {
        return MISSING;
      }
    }
  }

  private final TlsSettings settings;
  private List<Stamp> stamps;
  private SSLContext context;

  private TlsEngines(TlsSettings settings) throws IOException {
    this.settings = settings;
    this.stamps = stamps();
    this.context = load();
  }

  /// Reads the files.
  ///
  /// @throws IOException when certificate, key or authority cannot be used
  public static TlsEngines open(TlsSettings settings) throws IOException {
    return new TlsEngines(settings);
  }

  /// {@return an engine for one connection}
  public SSLEngine next() {
    var engine = current().createSSLEngine();
    engine.setUseClientMode(false);
    engine.setSSLParameters(parameters(engine.getSSLParameters()));
    return engine;
  }

  private SSLParameters parameters(SSLParameters usual) {
    usual.setProtocols(settings.least().andLater());
    usual.setUseCipherSuitesOrder(true);
    usual.setNeedClientAuth(settings.authority().isPresent());
    if (!settings.cipherSuites().isEmpty()) {
      var newest = Arrays.stream(usual.getCipherSuites()).filter(TlsEngines::isOfTls13);
      usual.setCipherSuites(
          Stream.concat(newest, settings.cipherSuites().stream())
              .distinct()
              .toArray(String[]::new));
    }
    return usual;
  }

  /// Those of TLS 1.3 name neither key exchange nor signature.
  private static boolean isOfTls13(String suite) {
    return suite.startsWith("TLS_") && !suite.contains("_WITH_") && !suite.endsWith("_SCSV");
  }

  private synchronized SSLContext current() {
    var now = stamps();
    if (now.equals(stamps)) {
      return context;
    }
    stamps = now; // also when they prove useless: looked at again when they change again
    try {
      context = load();
      LOG.log(Level.INFO, "certificate {0} read again", settings.certificate());
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "certificate {0} stays in use as it was: {1}",
          settings.certificate(),
          e.getMessage());
    }
    return context;
  }

  private List<Stamp> stamps() {
    return settings.files().stream().map(Stamp::of).toList();
  }

  private SSLContext load() throws IOException {
    var pair = KeyPair.read(settings.certificate(), settings.key());
    try {
      var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      var store = emptyStore();
      store.setKeyEntry(
          "own", pair.key(), new char[0], pair.chain().toArray(X509Certificate[]::new));
      keys.init(store, new char[0]);
      var loaded = SSLContext.getInstance("TLS");
      loaded.init(keys.getKeyManagers(), trusted(), null);
      return loaded;
    } catch (GeneralSecurityException e) {
      throw new IOException("use certificate " + settings.certificate() + ": " + e.getMessage(), e);
    }
  }

  private TrustManager[] trusted() throws IOException, GeneralSecurityException {
    if (settings.authority().isEmpty()) {
      return new TrustManager[0];
    }
    var store = emptyStore();
    int number = 0;
    for (var each : KeyPair.certificates(settings.authority().get())) {
      store.setCertificateEntry("authority " + number++, each);
    }
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    return trust.getTrustManagers();
  }

  private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }
}
