// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.image.reference.Digest;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Whom a pull asks, and with whose credentials.
class PullOriginsKernelTest extends RegistryFixture {
  private static TestImage image() {
    return TestImage.of("one", new TestLayer().file("f", "x").gzip());
  }

  private void pull(String name, String namespace) throws Exception {
    store.images().pullImage().pull(new PullRequest(name, Optional.empty(), namespace));
  }

  private void refused(String name, String namespace) {
    assertThatThrownBy(() -> pull(name, namespace))
        .isInstanceOfSatisfying(
            ImageException.class,
            e -> assertThat(e.kind()).as(name + " " + namespace).isEqualTo(Kind.UNAUTHORIZED));
  }

  @Test
  void credentialsOfANamespaceAreForOneImageOfItsPods() throws Exception {
    registry.auth(FakeRegistry.Auth.BASIC).image("app", "v1", image()).image("app2", "v1", image());
    var hash = Digest.ofSha256("reg.test/app".getBytes(StandardCharsets.UTF_8)).hex();
    var secret = Base64.getEncoder().encodeToString("user:secret".getBytes(StandardCharsets.UTF_8));
    Files.writeString(
        Files.createDirectories(folder.resolve("auth")).resolve("team-" + hash + ".json"),
        "{\"auths\":{\"%s\":{\"auth\":\"%s\"}}}".formatted(registry.host(), secret));

    for (var other : new String[] {"", "other", "tea", "../auth/team", "team/"}) {
      refused("reg.test/app:v1", other);
    }
    refused("reg.test/app2:v1", "team");
    pull("reg.test/app:v1", "team");
    pull("reg.test/app@" + image().digest(), "team");
  }

  @Test
  void placesThatAManifestNamesAreNotAsked() throws Exception {
    var plain = image();
    try (var elsewhere = new FakeRegistry()) {
      var foreign =
          "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip\",\"urls\":[\"http://"
              + elsewhere.host()
              + "/layer\"]";
      var manifest =
          new String(plain.manifest(), StandardCharsets.UTF_8)
              .replace("application/vnd.oci.image.layer.v1.tar+gzip\"", foreign);
      registry.image(
          "app", "v1", new TestImage(plain.config(), TestImage.utf8(manifest), plain.blobs()));

      pull("reg.test/app:v1", "");

      assertThat(manifest).contains(elsewhere.host());
      assertThat(registry.seen()).anyMatch(seen -> seen.path().contains("/blobs/"));
      assertThat(elsewhere.seen()).isEmpty();
    }
  }
}
