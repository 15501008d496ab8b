// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SystemTrustTest {
  private static final X509Certificate[] CHAIN = {};

  @Test
  void isReadOnceAndNotBeforeAServerShowsItsCertificate() throws Exception {
    var reads = new AtomicInteger();
    var trust =
        new SystemTrust(() -> {
          reads.incrementAndGet();
          return new TrustAll();
        });
    assertThat(reads).hasValue(0);
    trust.checkServerTrusted(CHAIN, "RSA");
    trust.checkServerTrusted(CHAIN, "RSA");
    assertThat(reads).hasValue(1);
  }

  @Test
  void nobodyIsTrustedWhileItCannotBeRead() {
    var trust =
        new SystemTrust(() -> {
          throw new IOException("no such bundle");
        });
    assertThatThrownBy(() -> trust.checkServerTrusted(CHAIN, "RSA"))
        .isInstanceOf(CertificateException.class)
        .hasMessageContaining("no such bundle");
    assertThat(trust.getAcceptedIssuers()).isEmpty();
  }
}
