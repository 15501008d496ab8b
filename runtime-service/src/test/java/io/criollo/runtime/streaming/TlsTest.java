// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.conformance.SpdyClient;
import io.criollo.runtime.tls.PemFiles;
import io.criollo.runtime.tls.TlsSettings;
import io.criollo.runtime.tls.TlsVersion;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class TlsTest {
  private static final String SPDY = "Connection: Upgrade\r\nUpgrade: SPDY/3.1\r\n" + TestServer.V4;
  private static final int MUCH = 8 << 20;

  @TempDir static Path dir;
  private static PemFiles first;
  private static PemFiles second;

  @BeforeAll
  static void make() throws Exception {
    first = PemFiles.make(dir.resolve("first"), "RSA");
    second = PemFiles.make(dir.resolve("second"), "EC");
  }

  @Test
  void anExecOverSpdyGoesThroughTlsAndEndsInOrder() throws Exception {
    try (var server = TestServer.encrypting(first.settings(), TlsTest::cat)) {
      var url = server.exec("io");
      assertThat(url).startsWith("https://127.0.0.1:");
      try (var client = connect(first.client(), url)) {
        int error = client.openTyped("error");
        int in = client.openTyped("stdin");
        int out = client.openTyped("stdout");
        client.data(in, "hello");
        client.end(in);
        assertThat(client.readAll(error)).contains("Success");
        assertThat(client.readAll(out)).isEqualTo("hello");
        client.awaitHangUp(); // fails when the connection is cut instead of closed
      }
    }
  }

  @Test
  void muchOutputGoesThroughAWebSocket() throws Exception {
    try (var server =
            TestServer.encrypting(
                first.settings(),
                p -> {
                  for (int i = 0; i < MUCH; i += 1 << 16) {
                    p.stdout.write(new byte[1 << 16]);
                  }
                  return 0;
                });
        var client =
            WebSocketClient.connect(first.client(), server.exec("o"), "v5.channel.k8s.io")) {
      client.awaitClose();
      assertThat(client.bytes(1)).hasSize(MUCH);
      assertThat(client.text(3)).contains("Success");
    }
  }

  @Test
  void aChangedCertificateIsServedAndAUselessOneIsNot() throws Exception {
    var place = PemFiles.make(dir.resolve("place"), "EC");
    first.replace(place);
    try (var server = TestServer.encrypting(place.settings(), TlsTest::cat)) {
      assertThat(serves(server, first.client())).isTrue();

      second.replace(place);
      assertThat(serves(server, second.client())).isTrue();
      assertThat(serves(server, first.client())).isFalse();

      Files.writeString(place.certificate(), "torn");
      assertThat(serves(server, second.client())).isTrue();
      Files.delete(place.keyFile());
      assertThat(serves(server, second.client())).isTrue();

      first.replace(place);
      assertThat(serves(server, first.client())).isTrue();
    }
  }

  @Test
  void anOlderVersionThanTheLeastIsRefused() throws Exception {
    try (var server = TestServer.encrypting(with(TlsVersion.TLS13), TlsTest::cat)) {
      assertThat(protocol(server, "TLSv1.3")).isEqualTo("TLSv1.3");
      assertThatThrownBy(() -> protocol(server, "TLSv1.2")).isInstanceOf(SSLException.class);
    }
    try (var server = TestServer.encrypting(with(TlsVersion.TLS12), TlsTest::cat)) {
      assertThat(protocol(server, "TLSv1.2")).isEqualTo("TLSv1.2");
    }
  }

  @Test
  void onlyTheChosenCipherSuitesOfTls12AreSpoken() throws Exception {
    var chosen = "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384";
    var other = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";
    try (var server = TestServer.encrypting(with(TlsVersion.TLS12, chosen), TlsTest::cat)) {
      assertThat(protocol(server, "TLSv1.2", chosen)).isEqualTo("TLSv1.2");
      assertThatThrownBy(() -> protocol(server, "TLSv1.2", other)).isInstanceOf(SSLException.class);
      assertThat(protocol(server, "TLSv1.3")).isEqualTo("TLSv1.3");
    }
  }

  @Test
  void withAnAuthorityOnlyClientsThatItVouchesForAreServed() throws Exception {
    var settings =
        new TlsSettings(
            first.certificate(),
            first.keyFile(),
            Optional.of(second.certificate()),
            TlsVersion.TLS12,
            List.of());
    try (var server = TestServer.encrypting(settings, TlsTest::cat)) {
      assertThat(serves(server, first.client(second))).isTrue();
      assertThat(serves(server, first.client(first))).isFalse();
      assertThat(serves(server, first.client())).isFalse();
    }
  }

  @Test
  void aClientThatSpeaksNoTlsIsCutOff() throws Exception {
    try (var server = TestServer.encrypting(first.settings(), TlsTest::cat);
        var client = SpdyClient.request(server.exec("o"), "POST", SPDY)) {
      assertThat(client.response()).doesNotContain("HTTP");
    }
  }

  @Test
  void hostileFramesThroughTlsDoNoHarm() throws Exception {
    var random = new Random(384);
    try (var server = TestServer.encrypting(first.settings(), p -> p.stdin.readAllBytes().length)) {
      for (int i = 0; i < 60; i++) {
        try (var socket = connection(server);
            var client = webSocket(socket, server.exec("iot"))) {
          var session = HostileWebSocketTest.session();
          client.raw(Arrays.copyOf(session, random.nextInt(session.length)));
          client.raw(HostileWebSocketTest.randomFrame(random));
        } catch (SocketException | SSLException e) {
          assertThat(e).as("cut while writing").isNotNull();
        }
      }
      for (var process : server.started) {
        assertThat(process.released.await(20, TimeUnit.SECONDS)).as("released").isTrue();
      }
      assertThat(serves(server, first.client())).isTrue();
    }
  }

  @Test
  void aFloodThroughTlsStopsWhereNobodyTakesIt() throws Exception {
    try (var server = TestServer.encrypting(first.settings(), p -> p.sizes.take().width())) {
      var input = RawWebSocket.frame(RawWebSocket.FIN | RawWebSocket.BINARY, new byte[10_000]);
      try (var socket = connection(server)) { // a TLS socket cannot be closed while it writes
        HostileWebSocketTest.flood(webSocket(socket, server.exec("io")), input);
      }
      assertThat(server.started.take().released.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static Socket connection(TestServer server) throws IOException {
    var address = server.server().address();
    return new Socket(address.getAddress(), address.getPort());
  }

  private static RawWebSocket webSocket(Socket socket, String url) throws Exception {
    var sockets = first.client().getSocketFactory();
    var encrypted = sockets.createSocket(socket, "127.0.0.1", socket.getPort(), true);
    return RawWebSocket.over(encrypted, url, "v5.channel.k8s.io");
  }

  @Test
  void aServerDoesNotStartWithoutItsCertificate() {
    var settings =
        new TlsSettings(
            dir.resolve("none"), first.keyFile(), Optional.empty(), TlsVersion.TLS12, List.of());
    assertThatThrownBy(() -> TestServer.encrypting(settings, TlsTest::cat))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("none: no such file");
  }

  private static int cat(FakeProcess process) throws IOException {
    process.stdout.write(process.stdin.readAllBytes());
    return 0;
  }

  private static TlsSettings with(TlsVersion least, String... suites) {
    return new TlsSettings(
        first.certificate(), first.keyFile(), Optional.empty(), least, List.of(suites));
  }

  private static SpdyClient connect(SSLContext trust, String url) throws IOException {
    var uri = URI.create(url);
    var socket = trust.getSocketFactory().createSocket(uri.getHost(), uri.getPort());
    return SpdyClient.over(socket, uri, "POST", SPDY);
  }

  private static boolean serves(TestServer server, SSLContext trust) throws IOException {
    try (var client = connect(trust, server.exec("o"))) {
      return client.response().contains(" 101 ");
    } catch (SSLException | SocketException e) {
      return false; // refused, or cut after that
    }
  }

  /// {@return the version that both sides agree on}
  private static String protocol(TestServer server, String version, String... suites)
      throws Exception {
    try (var socket =
        (SSLSocket)
            first
                .client()
                .getSocketFactory()
                .createSocket("127.0.0.1", server.server().address().getPort())) {
      socket.setEnabledProtocols(new String[] {version});
      if (suites.length > 0) {
        socket.setEnabledCipherSuites(suites);
      }
      socket.startHandshake();
      return socket.getSession().getProtocol();
    }
  }
}
