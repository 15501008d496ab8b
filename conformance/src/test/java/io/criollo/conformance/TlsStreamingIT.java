// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static io.criollo.conformance.ChannelClient.OUTCOME;
import static io.criollo.conformance.ChannelClient.STDIN;
import static io.criollo.conformance.ChannelClient.STDOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.conformance.images.TestImages;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@AnyRuntime
class TlsStreamingIT {
  private static final String V5 = "v5.channel.k8s.io";

  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  @TempDir Path dir;

  @BeforeEach
  void encrypt() throws Exception {
    makeCertificate("first");
    criollo.restart(
        "--stream-enable-tls=true",
        "--stream-tls-cert=" + dir.resolve("cert.pem"),
        "--stream-tls-key=" + dir.resolve("key.pem"),
        "--tls-min-version=VersionTLS13");
  }

  /// {@return a client that trusts the certificate that is in use from now on}
  private SSLContext makeCertificate(String name) throws Exception {
    var certificate = Certificate.make(dir.resolve(name));
    certificate.write(dir.resolve("cert.pem"), dir.resolve("key.pem"));
    return certificate.client();
  }

  private static String url(String id) {
    return criollo.client().execUrl(id, false, "cat");
  }

  private static void talk(ChannelClient client) throws Exception {
    client.send(STDIN, "hello");
    client.end(STDIN);
    client.awaitEnd();
    assertThat(client.text(STDOUT)).endsWith("hello");
    assertThat(client.text(OUTCOME)).contains("Success");
  }

  @Test
  void anExecIsEncryptedWithTheCertificateOfTheHourAndNoOldVersion() throws Exception {
    SSLContext first = makeCertificate("second");
    Pod pod = criollo.pod("tls");
    String id = pod.createAndStart(Pod.container("a", TestImages.BUSYBOX, "sleep", "1000"));
    assertThat(url(id)).startsWith("https://127.0.0.1:");

    try (var client = ChannelClient.connect(first, url(id), V5)) {
      client.send(STDIN, "before ");
      Patience.await(
          "it answers", Duration.ofSeconds(60), () -> client.text(STDOUT).equals("before "));
      SSLContext second = makeCertificate("third");
      try (var other = ChannelClient.connect(second, url(id), V5)) {
        talk(other);
      }
      assertThatThrownBy(() -> ChannelClient.connect(first, url(id), V5))
          .hasCauseInstanceOf(SSLException.class);
      talk(client); // it has begun with the certificate before

      assertThat(protocol(second, url(id), "TLSv1.3")).isEqualTo("TLSv1.3");
      assertThatThrownBy(() -> protocol(second, url(id), "TLSv1.2"))
          .isInstanceOf(SSLException.class);
    }
  }

  private static String protocol(SSLContext trust, String url, String version) throws IOException {
    var uri = URI.create(url);
    try (var socket =
        (SSLSocket) trust.getSocketFactory().createSocket(uri.getHost(), uri.getPort())) {
      socket.setEnabledProtocols(new String[] {version});
      socket.startHandshake();
      return socket.getSession().getProtocol();
    }
  }
}
