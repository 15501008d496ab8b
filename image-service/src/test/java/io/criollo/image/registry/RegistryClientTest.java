// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.image.FakeRegistry;
import io.criollo.image.FakeRegistry.Auth;
import io.criollo.image.TestImage;
import io.criollo.image.TestLayer;
import io.criollo.image.reference.Digest;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import io.criollo.image.reference.ImageReference;
import io.criollo.image.registry.RegistryClient.Fetched;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RegistryClientTest {
  private static final int LONGEST = 100_000;
  private static final Timeouts QUICK =
      new Timeouts(
          Duration.ofSeconds(2),
          Duration.ofMillis(200),
          Duration.ofSeconds(5),
          Duration.ofMillis(400),
          Duration.ofMillis(10));
  private static final TestImage IMAGE =
      TestImage.of("i", new TestLayer().file("f", "content").gzip());

  private final RegistryAccess access =
      new RegistryAccess(QUICK, List.of(), EnvironmentProxiesTest.NONE);
  private final FakeRegistry registry;

  RegistryClientTest() throws IOException {
    registry = new FakeRegistry().image("app", "v1", IMAGE);
  }

  @AfterEach
  void close() {
    access.close();
    registry.close();
  }

  private RegistryClient client(Credentials credentials) throws Exception {
    var reference = ImageReference.parse(registry.host() + "/app:v1");
    return access.client(new Source(reference, true, false), Optional.of(credentials), List.of());
  }

  private RegistryClient client() throws Exception {
    return client(new Credentials("", "", "", "", "", ""));
  }

  private static Fetched manifest(RegistryClient client) throws Exception {
    return client.manifest("v1", List.of(TestImage.MANIFEST), LONGEST);
  }

  private static void refused(ThrowingCallable call, Kind kind, String text) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(ImageException.class, e -> assertThat(e.kind()).isEqualTo(kind))
        .hasMessageContaining(text);
  }

  @Test
  void manifestComesWithTypeAndDigest() throws Exception {
    var fetched = manifest(client());
    assertThat(fetched.content()).isEqualTo(IMAGE.manifest());
    assertThat(fetched.contentType()).isEqualTo(TestImage.MANIFEST);
    assertThat(fetched.digest()).isEqualTo(IMAGE.digest());
  }

  @Test
  void everyFormOfCredentialsGetsIn() throws Exception {
    var password = Credentials.ofPassword("user", "secret");
    registry.auth(Auth.BASIC);
    manifest(client(password));
    registry.auth(Auth.BEARER);
    manifest(client(password));
    manifest(client(new Credentials("", "", "", "", "idt", "")));
    manifest(client(new Credentials("", "", "", "", "", "good")));
    refused(() -> manifest(client()), Kind.UNAUTHORIZED, "401");
    refused(
        () -> manifest(client(Credentials.ofPassword("user", "wrong"))),
        Kind.UNAUTHORIZED,
        "token");
    refused(
        () -> manifest(client(new Credentials("", "", "", "", "", "bad"))),
        Kind.UNAUTHORIZED,
        "401");
  }

  @Test
  void tokenServiceMustNotBeWeakerThanTheRegistry() throws Exception {
    for (var realm : List.of("ftp://x/", "file:///etc/passwd", "", "//x", "http:relative")) {
      registry.auth(Auth.BEARER).realm(realm);
      refused(
          () -> manifest(client(Credentials.ofPassword("user", "secret"))),
          Kind.UNAUTHORIZED,
          "token service");
    }
  }

  @Test
  void credentialsStayBehindWhenARedirectLeavesTheHost() throws Exception {
    var layer = List.copyOf(IMAGE.blobs().keySet()).getLast();
    try (var other = new FakeRegistry().image("app", "v1", IMAGE)) {
      registry.auth(Auth.BASIC);
      registry.fault(exchange -> {
        if (!exchange.getRequestURI().getPath().contains("/blobs/")
            || exchange.getRequestHeaders().getFirst("Authorization") == null) {
          return false;
        }
        var to = "http://" + other.host() + exchange.getRequestURI().getPath();
        exchange.getResponseHeaders().add("Location", to);
        FakeRegistry.send(exchange, 307, "");
        return true;
      });
      try (var body = client(Credentials.ofPassword("user", "secret")).blob(layer, 0).body()) {
        assertThat(layer.matches(body.readAllBytes())).isTrue();
      }
      assertThat(other.seen()).singleElement().extracting(s -> s.authorization()).isEqualTo("");
    }
  }

  @Test
  void redirectsDoNotGoOnForEverNorElsewhere() throws Exception {
    var target = new AtomicReference<>("/v2/app/manifests/v1");
    registry.fault(exchange -> {
      exchange.getResponseHeaders().add("Location", target.get());
      FakeRegistry.send(exchange, 302, "");
      return true;
    });
    assertThatThrownBy(() -> manifest(client())).hasMessageContaining("more than 10 redirects");
    for (var wrong : List.of("file:///etc/passwd", "ftp://x/", "http:///nohost", "ht tp://x")) {
      target.set(wrong);
      assertThatThrownBy(() -> manifest(client())).as(wrong).isInstanceOf(IOException.class);
    }
  }

  @Test
  void answersAreSortedByKind() throws Exception {
    var status = new AtomicInteger(404);
    registry.fault(exchange -> {
      if (status.get() == 200) {
        return false;
      }
      FakeRegistry.send(
          exchange, status.get(), "{\"errors\":[{\"code\":\"C\",\"message\":\"m\\nn\"}]}");
      return true;
    });
    refused(() -> manifest(client()), Kind.NOT_FOUND, "(C: m n)");
    status.set(403);
    refused(() -> manifest(client()), Kind.UNAUTHORIZED, "403");
    status.set(503);
    refused(() -> manifest(client()), Kind.UNAVAILABLE, "RegistryUnavailable: ");
    status.set(429);
    refused(() -> manifest(client()), Kind.UNAVAILABLE, "RegistryUnavailable: ");
    status.set(418);
    refused(() -> manifest(client()), Kind.UNSUPPORTED, "418");
    status.set(200);
    manifest(client());
  }

  @Test
  void contentThatIsNotWhatWasAskedForIsRefused() throws Exception {
    registry.manifest("app", "v1", "{}".getBytes(StandardCharsets.UTF_8), "x");
    var digest = IMAGE.digest().toString();
    registry.fault(exchange -> {
      if (!exchange.getRequestURI().getPath().endsWith(digest)) {
        return false;
      }
      FakeRegistry.send(exchange, 200, "{\"other\":1}");
      return true;
    });
    refused(
        () -> client().manifest(digest, List.of(), LONGEST),
        Kind.WRONG_BYTES,
        "does not have digest");
    registry.manifest("app", "v1", new byte[LONGEST + 1], "x");
    refused(() -> manifest(client()), Kind.TOO_LARGE, "longer than");
  }

  private ResumingBlob whole(Digest digest, byte[] blob) throws Exception {
    return new BlobSources(List.of(client())).blob(digest, blob.length, 0);
  }

  private static byte[] large() {
    var bytes = new byte[300_000];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  /// Cuts every answer after 70,000 bytes; `stall` keeps the connection open then.
  private void cut(byte[] blob, Duration stall) {
    registry.fault(exchange -> {
      var range = exchange.getRequestHeaders().getFirst("Range");
      var from = range == null ? 0 : Integer.parseInt(range.replaceAll("[^0-9]", ""));
      if (blob.length - from <= 70_000 || !exchange.getRequestURI().getPath().contains("blobs")) {
        return false;
      }
      if (from > 0) {
        var rest = "bytes " + from + "-" + (blob.length - 1) + "/" + blob.length;
        exchange.getResponseHeaders().add("Content-Range", rest);
      }
      exchange.sendResponseHeaders(from > 0 ? 206 : 200, blob.length - from);
      exchange.getResponseBody().write(blob, from, 70_000);
      exchange.getResponseBody().flush();
      stallFor(stall);
      throw new IOException("cut");
    });
  }

  private static void stallFor(Duration stall) {
    try {
      Thread.sleep(stall);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void brokenBlobsGoOnWhereTheyBroke() throws Exception {
    var blob = large();
    var digest = Digest.ofSha256(blob);
    registry.blob("app", digest, blob);
    cut(blob, Duration.ZERO);
    try (var body = whole(digest, blob)) {
      assertThat(body.readAllBytes()).isEqualTo(blob);
    }
    var ranges = registry.seen().stream().map(s -> s.range()).filter(r -> !r.isEmpty()).toList();
    assertThat(ranges).hasSizeBetween(3, 6);
  }

  @Test
  void stalledBlobsGoOnAfterTheTimeout() throws Exception {
    var blob = large();
    var digest = Digest.ofSha256(blob);
    registry.blob("app", digest, blob);
    cut(blob, Duration.ofSeconds(2));
    try (var body = whole(digest, blob)) {
      assertThat(body.readAllBytes()).isEqualTo(blob);
    }
  }

  @Test
  void registriesWithoutRangesAreReadAnew() throws Exception {
    var blob = large();
    var digest = Digest.ofSha256(blob);
    registry.withoutRanges().blob("app", digest, blob);
    var first = new AtomicInteger();
    registry.fault(exchange -> {
      if (!exchange.getRequestURI().getPath().contains("blobs") || first.getAndIncrement() > 0) {
        return false;
      }
      exchange.sendResponseHeaders(200, blob.length);
      exchange.getResponseBody().write(blob, 0, 100_000);
      throw new IOException("cut");
    });
    try (var body = whole(digest, blob)) {
      assertThat(body.readAllBytes()).isEqualTo(blob);
    }
  }

  @Test
  void busyRegistriesAreAskedAgainAndRefusalsAreNot() throws Exception {
    var blob = large();
    var digest = Digest.ofSha256(blob);
    registry.blob("app", digest, blob);
    var status = new AtomicInteger(503);
    var asked = new AtomicInteger();
    registry.fault(exchange -> {
      if (!exchange.getRequestURI().getPath().contains("blobs") || asked.incrementAndGet() == 3) {
        return false;
      }
      FakeRegistry.send(exchange, status.get(), "");
      return true;
    });
    try (var body = whole(digest, blob)) {
      assertThat(body.readAllBytes()).isEqualTo(blob);
    }
    status.set(404);
    try (var body = whole(digest, blob)) {
      assertThatThrownBy(body::readAllBytes).hasCauseInstanceOf(ImageException.class);
    }
    assertThat(asked).hasValue(4);
  }

  @Test
  void anotherRangeThanAskedForIsReadFromTheStart() throws Exception {
    var blob = large();
    var digest = Digest.ofSha256(blob);
    registry.blob("app", digest, blob);
    registry.fault(exchange -> {
      var range = exchange.getRequestHeaders().getFirst("Range");
      if (range == null) {
        return false;
      }
      exchange.getResponseHeaders().add("Content-Range", "bytes 7-299999/300000");
      exchange.sendResponseHeaders(206, blob.length - 7);
      exchange.getResponseBody().write(blob, 7, blob.length - 7);
      return true;
    });
    try (var body = new BlobSources(List.of(client())).blob(digest, blob.length, 1000)) {
      assertThat(body.readAllBytes()).isEqualTo(Arrays.copyOfRange(blob, 1000, blob.length));
    }
  }

  @Test
  void aBusyRegistryIsLeftAloneAsLongAsItWants() throws Exception {
    var asked = new AtomicInteger();
    registry.fault(exchange -> {
      if (asked.getAndIncrement() > 0) {
        return false;
      }
      exchange.getResponseHeaders().add("Retry-After", "1");
      FakeRegistry.send(exchange, 429, "");
      return true;
    });
    var begin = System.nanoTime();
    manifest(client());
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofSeconds(1));
    assertThat(asked).hasValue(2);
  }

  @Test
  void aRegistryThatWantsToBeLeftAloneForHoursIsGivenUp() {
    registry.fault(exchange -> {
      exchange.getResponseHeaders().add("Retry-After", "7200");
      FakeRegistry.send(exchange, 503, "");
      return true;
    });
    refused(() -> manifest(client()), Kind.UNAVAILABLE, "503");
    assertThat(registry.seen()).hasSize(1);
  }

  @Test
  void whereOnePlaceStopsTheNextGoesOn() throws Exception {
    var blob = large();
    var digest = Digest.ofSha256(blob);
    registry.blob("app", digest, blob);
    var first = new AtomicInteger();
    registry.fault(exchange -> {
      if (first.getAndIncrement() > 0) {
        FakeRegistry.send(exchange, 404, "");
        return true;
      }
      exchange.sendResponseHeaders(200, blob.length);
      exchange.getResponseBody().write(blob, 0, 100_000);
      exchange.getResponseBody().flush();
      stallFor(Duration.ofSeconds(3));
      throw new IOException("cut");
    });
    try (var other = new FakeRegistry().blob("app", digest, blob)) {
      var reference = ImageReference.parse(other.host() + "/app:v1");
      var second = access.client(new Source(reference, true, false), Optional.empty(), List.of());
      try (var body = new BlobSources(List.of(client(), second)).blob(digest, blob.length, 0)) {
        assertThat(body.readAllBytes()).isEqualTo(blob);
        assertThat(body.client()).isSameAs(second);
      }
      assertThat(other.seen())
          .last()
          .satisfies(seen ->
              assertThat(Long.parseLong(seen.range().replaceAll("[^0-9]", ""))).isPositive());
    }
  }

  @Test
  void aTokenThatEndsInMidPullIsFollowedByAnother() throws Exception {
    registry.auth(Auth.BEARER).tokensFor(2);
    var client = client(Credentials.ofPassword("user", "secret"));
    for (int i = 0; i < 5; i++) {
      manifest(client);
      for (var blob : IMAGE.blobs().entrySet()) {
        try (var body = client.blob(blob.getKey(), 0).body()) {
          assertThat(body.readAllBytes()).isEqualTo(blob.getValue());
        }
      }
    }
    assertThat(registry.tokens()).isBetween(7, 9);
  }
}
