// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.runtime.tls.PemFiles;
import io.criollo.runtime.tls.TlsSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MetricsServerTest {
  private static final InetSocketAddress ANY_PORT = address(0);
  private static final Source ONE =
      page -> page.metric("one", "gauge", "One.", series -> series.value(1));

  @TempDir private Path dir = Path.of("");

  private static InetSocketAddress address(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private static MetricsServer start(
      InetSocketAddress address, Optional<Path> socket, Optional<TlsSettings> tls, Source source)
      throws IOException {
    var shown = EnumSet.allOf(Collector.class);
    return MetricsServer.start(new MetricsSettings(address, socket, tls, shown), List.of(source));
  }

  private static MetricsServer start(Source source) throws IOException {
    return start(ANY_PORT, Optional.empty(), Optional.empty(), source);
  }

  private static MetricsServer startAt(Path socket) throws IOException {
    return start(ANY_PORT, Optional.of(socket), Optional.empty(), ONE);
  }

  private static HttpResponse<String> ask(
      HttpClient client, String scheme, MetricsServer server, String method, String path)
      throws Exception {
    var url = URI.create(scheme + "://127.0.0.1:" + server.address().getPort() + path);
    var request = HttpRequest.newBuilder(url).method(method, BodyPublishers.noBody()).build();
    return client.send(request, BodyHandlers.ofString());
  }

  private static HttpResponse<String> ask(MetricsServer server, String method, String path)
      throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      return ask(client, "http", server, method, path);
    }
  }

  @Test
  void aScrapeGetsThePageAsItIsNow() throws Exception {
    var scrapes = new int[1];
    try (var server =
            start(page -> page.metric("n", "gauge", "N.", s -> s.value((long) ++scrapes[0])));
        var client = HttpClient.newHttpClient()) {
      var first = ask(client, "http", server, "GET", "/metrics");
      assertThat(first.statusCode()).isEqualTo(200);
      assertThat(first.headers().firstValue("content-type"))
          .contains("text/plain; version=0.0.4; charset=utf-8");
      assertThat(first.body()).isEqualTo("# HELP n N.\n# TYPE n gauge\nn 1\n");
      assertThat(ask(client, "http", server, "GET", "/metrics?x=y").body()).endsWith("\nn 2\n");
    }
  }

  @Test
  void nothingElseIsServed() throws Exception {
    try (var server = start(ONE)) {
      assertThat(ask(server, "GET", "/").statusCode()).isEqualTo(404);
      assertThat(ask(server, "GET", "/metrics/").statusCode()).isEqualTo(404);
      var post = ask(server, "POST", "/metrics");
      assertThat(post.statusCode()).isEqualTo(405);
      assertThat(post.headers().firstValue("allow")).contains("GET, HEAD");
      var head = ask(server, "HEAD", "/metrics");
      assertThat(head.statusCode()).isEqualTo(200);
      assertThat(head.body()).isEmpty();
    }
  }

  @Test
  void aSourceThatFailsIsAnErrorOfThisScrapeOnly() throws Exception {
    var fails = new boolean[] {true};
    try (var server =
        start(page -> {
          if (fails[0]) {
            throw new IOException("read /proc: no");
          }
          ONE.write(page);
        })) {
      assertThat(ask(server, "GET", "/metrics"))
          .satisfies(answer -> assertThat(answer.statusCode()).isEqualTo(500))
          .satisfies(answer -> assertThat(answer.body()).isEqualTo("read /proc: no\n"));
      fails[0] = false;
      assertThat(ask(server, "GET", "/metrics").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void anAddressThatIsTakenIsNamed() throws Exception {
    try (var server = start(ONE)) {
      var same = address(server.address().getPort());
      assertThatThrownBy(() -> start(same, Optional.empty(), Optional.empty(), ONE))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("serve metrics: listen on ")
          .hasMessageContaining(":" + same.getPort() + ": ")
          .hasMessageContaining("in use");
    }
  }

  @Test
  void aHostThatIsNotKnownIsNamed() {
    var nowhere = InetSocketAddress.createUnresolved("node.invalid", 9090);
    assertThatThrownBy(() -> start(nowhere, Optional.empty(), Optional.empty(), ONE))
        .isInstanceOf(IOException.class)
        .hasMessage("serve metrics: listen on node.invalid:9090: host name is not known");
  }

  @Test
  void aUnixSocketServesTooAndGoesWithTheServer() throws Exception {
    var socket = dir.resolve("metrics.sock");
    startAt(socket).close(); // and again over what a killed daemon left
    try (var _ = startAt(socket);
        var client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      assertThat(Files.getPosixFilePermissions(socket))
          .isEqualTo(PosixFilePermissions.fromString("rw-rw----"));
      client.connect(UnixDomainSocketAddress.of(socket));
      var request = "GET /metrics HTTP/1.0\r\n\r\n";
      client.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
      var answer = Channels.newInputStream(client).readAllBytes();
      assertThat(new String(answer, StandardCharsets.UTF_8)).contains(" 200 ").endsWith("one 1\n");
    }
    assertThat(dir).isEmptyDirectory();
  }

  @Test
  void aDeadSocketIsReplacedAndAnythingElseIsNot() throws Exception {
    var dead = dir.resolve("dead.sock");
    try (var listener = java.nio.channels.ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(UnixDomainSocketAddress.of(dead));
    }
    startAt(dead).close();
    var file = Files.writeString(dir.resolve("file"), "kept");
    assertThatThrownBy(() -> startAt(file))
        .isInstanceOf(IOException.class)
        .hasMessage("serve metrics: listen on " + file + ": something else is there");
    assertThat(file).content().isEqualTo("kept");
  }

  @Test
  void withACertificateItIsServedOverTlsAlone() throws Exception {
    var pem = PemFiles.make(dir.resolve("pem"), "EC");
    try (var server = start(ANY_PORT, Optional.empty(), Optional.of(pem.settings()), ONE);
        var client = HttpClient.newBuilder().sslContext(pem.client()).build()) {
      assertThat(ask(client, "https", server, "GET", "/metrics").body()).endsWith("one 1\n");
      assertThatThrownBy(() -> ask(server, "GET", "/metrics")).isInstanceOf(IOException.class);
    }
  }

  @Test
  void withoutItsCertificateItDoesNotStart() throws Exception {
    var pem = PemFiles.make(dir.resolve("pem"), "EC");
    Files.delete(pem.certificate());
    assertThatThrownBy(() -> start(ANY_PORT, Optional.empty(), Optional.of(pem.settings()), ONE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cert.pem: no such file");
  }

  @Test
  void theProcessTellsOfItself() throws Exception {
    try (var server = start(new OwnProcess())) {
      assertThat(ask(server, "GET", "/metrics").body().lines())
          .anyMatch(line -> line.matches("process_resident_memory_bytes [1-9][0-9]{6,}"))
          .anyMatch(line -> line.matches("process_open_fds [1-9][0-9]*"))
          .anyMatch(line -> line.startsWith("process_cpu_seconds_total "))
          .anyMatch(line -> line.startsWith("process_start_time_seconds "));
    }
  }
}
