// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.conformance.images.TestImages;
import io.criollo.cri.v1.RemoveImageRequest;
import io.grpc.Status.Code;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// The daemon's metrics, as Prometheus reads them.
@AnyRuntime
class MetricsIT {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final String OF_NOISE = "{image=\"" + TestImages.NOISE + "\"";

  @RegisterExtension static final CriolloNode criollo = CriolloNode.shared();

  @TempDir private Path dir = Path.of("");
  private int port;

  @BeforeEach
  void findPort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
  }

  private void restart(String... options) throws IOException, InterruptedException {
    criollo.restart(
        Stream.concat(
                Stream.of("--enable-metrics", "--metrics-port=" + port), Arrays.stream(options))
            .toArray(String[]::new));
  }

  private List<String> scrape() throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      return scrape(client, "http");
    }
  }

  private List<String> scrape(HttpClient client, String scheme)
      throws IOException, InterruptedException {
    var url = URI.create(scheme + "://127.0.0.1:" + port + "/metrics");
    var answer = client.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body().lines().filter(line -> !line.startsWith("#")).toList();
  }

  /// {@return the value of the one series that starts so}; 0 when there is none
  private static double value(List<String> page, String start) {
    return page.stream()
        .filter(line -> line.startsWith(start))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .reduce(0, Double::sum);
  }

  @Test
  void aPullIsSeenWhileItRunsAndInTheTotalsAfterIt() throws Exception {
    restart("--pull-bytes-per-second=200000");
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var pull = callers.submit(() -> criollo.client().pull(TestImages.NOISE));
      var here = "criollo_image_pull_layer_bytes" + OF_NOISE;
      Patience.await("some bytes are here", LONG, () -> value(scrape(), here) > 0);
      var early = scrape();
      Patience.await("more are", LONG, () -> value(scrape(), here) > value(early, here));
      Patience.await(
          "its rate is measured",
          LONG,
          () -> value(scrape(), "criollo_image_pull_bytes_per_second" + OF_NOISE) > 0);

      assertThat(pull.isDone()).isFalse();
      assertThat(early)
          .contains("criollo_image_pulls_in_progress 1")
          .anyMatch(line ->
              line.startsWith(here)
                  && line.contains(",layer=\"sha256:")
                  && line.contains(",source=\"mirror " + criollo.node().registry() + "\""));
      assertThat(value(early, "criollo_image_pull_layer_size_bytes" + OF_NOISE))
          .isBetween(2e6, 2.1e6);
      assertThat(value(early, "criollo_image_pulls_bytes_total")).isBetween(1.0, 2e6);
      assertThat(pull.get()).startsWith("sha256:");
    }
    Statuses.assertRefused(
        Code.INVALID_ARGUMENT, () -> criollo.client().pull("docker.io/Upper:1"), "Upper");

    var late = scrape();
    assertThat(late)
        .contains(
            "criollo_image_pulls_in_progress 0",
            "criollo_image_pulls_success_total 1",
            "criollo_image_pulls_failure_total{error=\"INVALID_REFERENCE\"} 1",
            "criollo_image_pulls_layer_size_count 1",
            "criollo_image_pulls_seconds_count 1",
            "criollo_operations_total{operation=\"PullImage\"} 2",
            "criollo_operations_errors_total{operation=\"PullImage\",code=\"INVALID_ARGUMENT\"} 1")
        .noneMatch(line -> line.contains(TestImages.NOISE));
    assertThat(value(late, "criollo_image_pulls_bytes_total")).isBetween(2e6, 2.1e6);
    assertThat(value(late, "process_resident_memory_bytes")).isGreaterThan(1e7);
    criollo
        .client()
        .images()
        .removeImage(
            RemoveImageRequest.newBuilder().setImage(CriClient.spec(TestImages.NOISE)).build());
  }

  @Test
  void podsAndContainersAreCountedAndThoseThatMemoryRanOutFor() throws Exception {
    restart();
    Pod pod = criollo.pod("counted");
    pod.createAndStart(Pod.container("runs", TestImages.BUSYBOX, "sleep", "1000"));
    var greedy =
        Pod.container("greedy", TestImages.BUSYBOX, "dd", "if=/dev/zero", "of=/dev/null", "bs=64M");
    greedy.getLinuxBuilder().getResourcesBuilder().setMemoryLimitInBytes(32 << 20);
    pod.awaitExit(pod.createAndStart(greedy));

    assertThat(scrape())
        .contains(
            "criollo_pods{state=\"ready\"} 1",
            "criollo_pods{state=\"notready\"} 0",
            "criollo_containers{state=\"running\"} 1",
            "criollo_containers{state=\"exited\"} 1",
            "criollo_containers_oom_total 1",
            "criollo_default_runtime{runtime=\"" + CriolloNode.runtime() + "\"} 1",
            "criollo_operations_total{operation=\"StartContainer\"} 2");
  }

  @Test
  void onlyTheChosenOnesAreShownOverTls() throws Exception {
    var certificate = Certificate.make(dir.resolve("store"));
    certificate.write(dir.resolve("cert.pem"), dir.resolve("key.pem"));
    restart(
        "--metrics-collectors=image_pulls_success_total,crio_image_pulls_failure_total",
        "--metrics-cert=" + dir.resolve("cert.pem"),
        "--metrics-key=" + dir.resolve("key.pem"));

    try (var client = HttpClient.newBuilder().sslContext(certificate.client()).build()) {
      assertThat(scrape(client, "https").stream().filter(line -> line.startsWith("criollo")))
          .containsExactly("criollo_image_pulls_success_total 0");
    }
    assertThatThrownBy(this::scrape).isInstanceOf(IOException.class);
  }

  @Test
  void withoutTheOptionNothingListens() throws Exception {
    criollo.restart("--metrics-port=" + port);

    assertThatThrownBy(this::scrape).isInstanceOf(ConnectException.class);
  }

  @Test
  void aDaemonWhosePortIsTakenSaysWhichAndDoesNotStart() throws Exception {
    try (var taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(this::restart)
          .isInstanceOf(IOException.class)
          .hasMessageContaining(
              "criollo: serve metrics: listen on 127.0.0.1:" + taken.getLocalPort() + ": ");
    }
    criollo.startAgain();
    assertThat(criollo.client().version().getRuntimeName()).isEqualTo("criollo");
  }
}
