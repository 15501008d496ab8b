// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.debian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.criollo.image.PullRequest;
import io.criollo.image.TestImage;
import io.criollo.image.TestLayer;
import io.criollo.image.TestStore;
import io.criollo.image.debian.Relay.Fault;
import io.criollo.image.reference.ImageId;
import io.criollo.image.registry.Credentials;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Pulls from Debian's registry, which speaks HTTP/2 over TLS, and tells in its log what it spoke.
class Http2KernelTest {
  private static final int SIZE = 12 << 20;
  private static final String OK = " HTTP/2.0\" 200";

  @TempDir static Path shared;
  private static DebianRegistry registry;

  @TempDir Path folder;
  private TestStore store;

  @BeforeAll
  static void start() throws Exception {
    var missing = Tools.missing("docker-registry", "skopeo");
    assumeTrue(missing.isEmpty(), () -> "not installed: " + missing);
    registry = new DebianRegistry(Files.createDirectory(shared.resolve("registry")));
  }

  @AfterAll
  static void stop() {
    if (registry != null) {
      registry.close();
    }
  }

  @BeforeEach
  void open() throws Exception {
    store = new TestStore(folder);
  }

  @AfterEach
  void close() throws Exception {
    store.close();
  }

  /// Lets the store trust a place with the registry's certificate.
  private void trust(DebianRegistry registry, String place) throws Exception {
    var certificates = Files.createDirectories(folder.resolve("certs.d").resolve(place));
    Files.copy(registry.certificates().resolve("ca.crt"), certificates.resolve("ca.crt"));
  }

  private TestImage push(DebianRegistry registry, String name, int size) throws Exception {
    var image =
        TestImage.of(name, List.of(new TestLayer().noise("f", size, name.hashCode()).gzip()));
    registry.push(folder, name, image, registry.address() + "/" + name + ":1");
    return image;
  }

  private ImageId pull(String place, String name) throws Exception {
    var user = Credentials.ofPassword(DebianRegistry.USER, DebianRegistry.PASSWORD);
    var request = new PullRequest(place + "/" + name + ":1", Optional.of(user), "");
    return store.images().pullImage().pull(request);
  }

  /// {@return requests that were answered}, without those before; the registry logs each at its end
  private static List<String> requests(
      DebianRegistry registry, String name, List<String> before, int atLeast) throws Exception {
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (true) {
      var all = registry.requests(name);
      var answered =
          all.subList(before.size(), all.size()).stream()
              .filter(request -> !request.endsWith(" 401"))
              .toList();
      if (answered.size() >= atLeast || System.nanoTime() > deadline) {
        return answered;
      }
      Thread.sleep(10);
    }
  }

  @Test
  void aRegistryThatOffersHttp2IsSpokenToInIt() throws Exception {
    trust(registry, registry.address());
    var image = push(registry, "two", 1000);
    var before = registry.requests("two");

    assertThat(pull(registry.address(), "two").digest()).isEqualTo(image.id().toString());

    assertThat(requests(registry, "two", before, 3))
        .hasSize(3)
        .allMatch(request -> request.endsWith(OK));
  }

  @Test
  void aRegistryThatOffersOnlyHttp1IsSpokenToInThat() throws Exception {
    try (var old = new DebianRegistry(Files.createDirectory(folder.resolve("old")), false)) {
      trust(old, old.address());
      push(old, "one", 1000);
      var before = old.requests("one");

      pull(old.address(), "one");

      assertThat(requests(old, "one", before, 3))
          .hasSize(3)
          .allMatch(request -> request.endsWith(" HTTP/1.1\" 200"));
    }
  }

  @Test
  void aConnectionThatBreaksIsFollowedByAnotherFromTheSameByte() throws Exception {
    goesOnAfter(Fault.CUT, "cut");
  }

  @Test
  void aConnectionThatFallsSilentIsFollowedByAnotherFromTheSameByte() throws Exception {
    goesOnAfter(Fault.SILENCE, "silent");
  }

  private void goesOnAfter(Fault fault, String name) throws Exception {
    var image = push(registry, name, SIZE);
    var before = registry.requests(name);
    try (var relay = new Relay(registry.address(), fault, SIZE / 2)) {
      trust(registry, relay.address());

      assertThat(pull(relay.address(), name).digest()).isEqualTo(image.id().toString());

      relay.awaitFault();
      assertThat(relay.connections()).isEqualTo(2);
      assertThat(relay.passed()).isLessThan(SIZE + SIZE / 2);
    }
    assertThat(requests(registry, name, before, 4))
        .allMatch(request -> request.contains(" HTTP/2.0\" 20"))
        .filteredOn(request -> request.endsWith(" 206"))
        .hasSize(1);
  }

  @Test
  void aPullThatIsGivenUpStopsTheRegistryAndCanBeTakenUpAgain() throws Exception {
    int large = 2 * SIZE;
    var image = push(registry, "left", large);
    try (var relay = new Relay(registry.address(), Fault.PAUSE, SIZE)) {
      trust(registry, relay.address());
      var pull = new FutureTask<>(() -> pull(relay.address(), "left"));
      var puller = Thread.ofVirtual().start(pull);
      relay.awaitFault();
      puller.interrupt();
      assertThatThrownBy(() -> pull.get(30, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(InterruptedException.class);
      relay.release();

      assertThat(pull(relay.address(), "left").digest()).isEqualTo(image.id().toString());

      assertThat(relay.connections()).isEqualTo(1);
      assertThat(relay.passed()).isLessThan(large + SIZE);
    }
  }
}
