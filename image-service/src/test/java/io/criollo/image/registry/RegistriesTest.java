// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageReference;
import io.criollo.image.reference.ParsedName;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistriesTest {
  private static final String HEX = "ab".repeat(32);

  @TempDir Path folder;

  private Registries read(String conf) throws Exception {
    var file = folder.resolve("registries.conf");
    Files.writeString(file, conf);
    return Registries.read(file, folder.resolve("registries.conf.d"));
  }

  private static List<String> sources(Registries registries, String name) throws Exception {
    return registries.sources(ImageReference.parse(name), List.of()).stream()
        .map(s -> s.reference() + (s.insecure() ? " insecure" : "") + (s.mirror() ? " mirror" : ""))
        .toList();
  }

  @Test
  void missingFilesMeanTheRegistryItself() throws Exception {
    var none = Registries.read(folder.resolve("no"), folder.resolve("nor"));
    assertThat(sources(none, "busybox")).containsExactly("docker.io/library/busybox:latest");
    assertThat(none.sources(ImageReference.parse("busybox"), List.of()).getFirst().host())
        .isEqualTo("registry-1.docker.io");
    assertThat(none.candidates(ParsedName.parse("busybox")))
        .hasToString("[docker.io/library/busybox:latest]");
  }

  @Test
  void mirrorsComeBeforeTheRegistry() throws Exception {
    var registries =
        read(
            """
            [[registry]]
            prefix = "registry.k8s.io"
            location = "other.example/k8s/"
            [[registry.mirror]]
            location = "127.0.0.1:5000"
            insecure = true
            [[registry.mirror]]
            location = "digests.example"
            pull-from-mirror = "digest-only"
            """);
    assertThat(sources(registries, "registry.k8s.io/pause:3.10"))
        .containsExactly(
            "127.0.0.1:5000/pause:3.10 insecure mirror", "other.example/k8s/pause:3.10");
    assertThat(sources(registries, "registry.k8s.io/pause@sha256:" + HEX))
        .contains("digests.example/pause@sha256:" + HEX + " mirror");
    assertThat(sources(registries, "registry.k8s.io.evil/pause"))
        .containsExactly("registry.k8s.io.evil/pause:latest");
  }

  @Test
  void mirrorsMayBeForTagsOrForDigestsOnly() throws Exception {
    var registries =
        read(
            """
            [[registry]]
            location = "a.example"
            [[registry.mirror]]
            location = "tags.example"
            pull-from-mirror = "tag-only"
            [[registry.mirror]]
            location = "all.example"
            pull-from-mirror = "all"
            [[registry]]
            location = "b.example"
            mirror-by-digest-only = true
            [[registry.mirror]]
            location = "digests.example"
            """);
    var digest = "x@sha256:" + HEX;
    assertThat(sources(registries, "a.example/x:1"))
        .containsExactly("tags.example/x:1 mirror", "all.example/x:1 mirror", "a.example/x:1");
    assertThat(sources(registries, "a.example/" + digest))
        .containsExactly("all.example/" + digest + " mirror", "a.example/" + digest);
    assertThat(sources(registries, "b.example/x:1")).containsExactly("b.example/x:1");
    assertThat(sources(registries, "b.example/" + digest))
        .containsExactly("digests.example/" + digest + " mirror", "b.example/" + digest);
  }

  @Test
  void longestPrefixWinsAndMayBeAWildcard() throws Exception {
    var registries =
        read(
            """
            [[registry]]
            prefix = "*.example.com"
            insecure = true
            [[registry]]
            location = "a.example.com/team"
            blocked = true
            """);
    assertThat(sources(registries, "b.example.com/x"))
        .containsExactly("b.example.com/x:latest insecure");
    assertThat(sources(registries, "example.com/x")).containsExactly("example.com/x:latest");
    assertThatThrownBy(() -> sources(registries, "a.example.com/team/x"))
        .hasMessageContaining("is blocked");
    assertThat(sources(registries, "a.example.com/teams/x"))
        .containsExactly("a.example.com/teams/x:latest insecure");
  }

  @Test
  void dropInsReplaceAndAdd() throws Exception {
    Files.createDirectories(folder.resolve("registries.conf.d"));
    Files.writeString(
        folder.resolve("registries.conf.d/10.conf"),
        """
        unqualified-search-registries = ["q.example"]
        [[registry]]
        location = "r.example"
        insecure = true
        [aliases]
        "tool" = "q.example/tools/tool"
        """);
    Files.writeString(folder.resolve("registries.conf.d/ignored.txt"), "[");
    var registries =
        read(
            "unqualified-search-registries = [\"p.example\"]\n[[registry]]\nlocation = \"r.example\"\n");
    assertThat(sources(registries, "r.example/x")).containsExactly("r.example/x:latest insecure");
    assertThat(registries.candidates(ParsedName.parse("app:1"))).hasToString("[q.example/app:1]");
    assertThat(registries.candidates(ParsedName.parse("tool:2")))
        .hasToString("[q.example/tools/tool:2]");
  }

  @Test
  void ambiguousShortNamesAreNotPulledInEnforcingMode() throws Exception {
    var search = "unqualified-search-registries = [\"a.example\", \"b.example\"]\n";
    var name = ParsedName.parse("app");
    var enforcing = read(search);
    assertThat(enforcing.candidates(name)).hasSize(2);
    assertThatThrownBy(() -> enforcing.pullCandidates(name)).hasMessageContaining("is ambiguous");
    assertThat(read(search + "short-name-mode = \"permissive\"\n").pullCandidates(name)).hasSize(2);
    assertThat(read(search + "short-name-mode = \"disabled\"\n").pullCandidates(name)).hasSize(2);
  }

  @Test
  void mistakesAreNamedWithTheFile() {
    for (var wrong :
        List.of(
            "[registries.search]\nregistries = [\"x\"]",
            "[[registry]]\n",
            "[[registry]]\nlocation = \"https://x\"",
            "[registry]\nlocation = \"x\"",
            "registry = [1]",
            "[[registry]]\nlocation = \"x\"\ninsecure = \"yes\"",
            "[[registry]]\nlocation = \"x\"\n[[registry.mirror]]\ninsecure = true",
            "short-name-mode = \"maybe\"",
            "unqualified-search-registries = \"x\"",
            "a = [")) {
      assertThatThrownBy(() -> read(wrong))
          .as(wrong)
          .isInstanceOf(ImageException.class)
          .hasMessageContaining("registries.conf");
    }
  }

  @Test
  void randomFilesAreReadOrRefused() throws Exception {
    var random = new Random(20261121);
    var good =
        """
        unqualified-search-registries = ["p.example"]
        [[registry]]
        prefix = "*.example.com"
        location = "r.example"
        [[registry.mirror]]
        location = "127.0.0.1:5000"
        insecure = true
        [aliases]
        "tool" = "q.example/tools/tool"
        """
            .getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 3000; i++) {
      var bytes = good.clone();
      for (int n = 1 + random.nextInt(4); n > 0; n--) {
        bytes[random.nextInt(bytes.length)] = (byte) "[]\"=.\n x\\\0".charAt(random.nextInt(10));
      }
      try {
        sources(read(new String(bytes, StandardCharsets.ISO_8859_1)), "a.example.com/tool");
      } catch (ImageException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
  }
}
