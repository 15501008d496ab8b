// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.image.FakeRegistry;
import io.criollo.image.TestImage;
import io.criollo.image.TestLayer;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import io.criollo.image.reference.ImageReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostsTomlTest {
  private static final String DIGEST = "@sha256:" + "0123456789abcdef".repeat(4);
  private static final Timeouts QUICK =
      new Timeouts(
          Duration.ofSeconds(10),
          Duration.ofSeconds(2),
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          Duration.ofMillis(10));

  @TempDir Path folder;

  private void write(String host, String toml) throws Exception {
    Files.writeString(
        Files.createDirectories(folder.resolve(host)).resolve("hosts.toml"),
        toml.replace('\'', '"'));
  }

  private List<Source> sources(String name) throws Exception {
    return HostsToml.sources(List.of(folder), ImageReference.parse(name));
  }

  @Test
  void mirrorsComeBeforeTheServer() throws Exception {
    write(
        "reg.test",
        """
        server = 'https://origin.test'
        [host.'https://first.test:5000']
          capabilities = ['pull', 'resolve']
        [host.'http://digests.test']
          capabilities = ['pull']
        [host.'https://push.test']
          capabilities = ['push']
        [host.'last.test']
          skip_verify = true
        """);

    assertThat(sources("reg.test/a/b:1"))
        .extracting(Source::toString)
        .containsExactly("mirror first.test:5000", "mirror last.test", "registry origin.test");
    assertThat(sources("reg.test/a/b" + DIGEST))
        .extracting(Source::insecure)
        .containsExactly(false, true, true, false);
    assertThat(sources("other.test/a")).isEmpty();

    write("_default", "[host.'https://all.test']");
    assertThat(sources("other.test/a"))
        .extracting(Source::toString)
        .containsExactly("mirror all.test", "registry other.test");
  }

  @Test
  void pathsAreThoseOfContainerd() throws Exception {
    write(
        "docker.io",
        """
        server = 'https://registry-1.docker.io'
        [host.'https://a.test']
        [host.'https://b.test/v2']
        [host.'https://c.test/proxy/']
        [host.'https://d.test/v2/proxy']
          override_path = true
        """);

    var found = sources("busybox");

    assertThat(found.subList(0, 4))
        .extracting(source -> source.manner().path("library/busybox", "/x"))
        .containsExactly(
            "/v2/library/busybox/x?ns=docker.io",
            "/v2/library/busybox/x?ns=docker.io",
            "/proxy/v2/library/busybox/x?ns=docker.io",
            "/v2/proxy/library/busybox/x?ns=docker.io");
    assertThat(found.getLast().reference().domain()).isEqualTo("docker.io");
    assertThat(found.getLast().manner()).isEqualTo(Manner.USUAL);
  }

  @Test
  void aRuleOfRegistriesConfWins() throws Exception {
    write("reg.test", "[host.'https://mirror.test']");
    var conf = folder.resolve("registries.conf");
    Files.writeString(conf, "[[registry]]\nlocation = \"reg.test\"\n");
    var reference = ImageReference.parse("reg.test/a");

    var without = Registries.read(folder.resolve("none"), folder.resolve("none"));
    assertThat(without.sources(reference, List.of(folder))).hasSize(2);
    var with = Registries.read(conf, folder.resolve("none"));
    assertThat(with.sources(reference, List.of(folder))).hasSize(1);
  }

  @Test
  void aMirrorIsToldWhatItNeeds() throws Exception {
    var image = TestImage.of("i", new TestLayer().file("f", "x").gzip());
    var queries = new CopyOnWriteArrayList<String>();
    var keys = new CopyOnWriteArrayList<String>();
    try (var registry =
        new FakeRegistry()
            .image("app", "v1", image)
            .fault(exchange -> {
              queries.add(String.valueOf(exchange.getRequestURI().getQuery()));
              keys.addAll(exchange.getRequestHeaders().getOrDefault("X-Key", List.of("none")));
              return false;
            })) {
      write(
          "reg.test",
          "[host.'http://%s']\n[host.'http://%1$s'.header]\nX-Key = 'open'"
              .formatted(registry.host()));
      var none = new EnvironmentProxies(Map.of());
      try (var access = new RegistryAccess(QUICK, List.of(), none)) {
        var fetched =
            access
                .client(sources("reg.test/app:v1").getFirst(), Optional.empty(), List.of())
                .manifest("v1", List.of(TestImage.MANIFEST), 100_000);
        assertThat(fetched.digest()).isEqualTo(image.digest());
      }
    }
    assertThat(queries).containsOnly("ns=reg.test");
    assertThat(keys).containsOnly("open");
  }

  @Test
  void whatMakesNoSenseIsTheOperatorsFault() throws Exception {
    for (var wrong :
        List.of(
            "server = 'ftp://x'",
            "[host.'::']",
            "[host.'https://a.test']\ncapabilities = ['fly']",
            "[host.'https://a.test']\ncapabilities = 7",
            "[host.'https://a.test']\nca = 'missing.crt'",
            "[host.'https://a.test']\nclient = [['a', 'b', 'c']]",
            "[host.")) {
      write("reg.test", wrong);
      assertThatThrownBy(() -> sources("reg.test/a"))
          .as(wrong)
          .isInstanceOfSatisfying(
              ImageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.MISCONFIGURED))
          .hasMessageContaining("hosts.toml");
    }
  }
}
