// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.image.FakeRegistry;
import io.criollo.image.TestImage;
import io.criollo.image.TestLayer;
import io.criollo.image.reference.ImageReference;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A registry whose name only a proxy knows, which wants a password.
class ProxyTest {
  private static final Timeouts QUICK =
      new Timeouts(
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          Duration.ofMillis(10));

  private final TestImage image = TestImage.of("i", new TestLayer().file("f", "x").gzip());

  private static byte[] fetch(TestProxy proxy, String user) throws Exception {
    var address = "http://" + user + "@" + proxy.address();
    var proxies = new EnvironmentProxies(Map.of("HTTPS_PROXY", address, "HTTP_PROXY", address));
    try (var access = new RegistryAccess(QUICK, List.of(), proxies)) {
      var source = new Source(ImageReference.parse("reg.test/app:v1"), true, false);
      return access
          .client(source, Optional.empty(), List.of())
          .manifest("v1", List.of(TestImage.MANIFEST), 100_000)
          .content();
    }
  }

  @Test
  void plainRequestsGoThroughIt() throws Exception {
    try (var registry = new FakeRegistry().image("app", "v1", image);
        var proxy = new TestProxy(registry.host(), FakeRegistry.basic("us er", "p:w"))) {
      assertThat(fetch(proxy, "us%20er:p%3Aw")).isEqualTo(image.manifest());

      assertThat(proxy.asked()).anyMatch(line -> line.startsWith("GET http://reg.test/v2/"));
      assertThatThrownBy(() -> fetch(proxy, "us%20er:wrong")).hasMessageContaining("407");
    }
  }

  @Test
  void tlsGoesThroughItUnseen(@TempDir Path folder) throws Exception {
    try (var registry = new FakeRegistry(TestTls.server(folder), false).image("app", "v1", image);
        var proxy = new TestProxy(registry.host(), FakeRegistry.basic("user", "secret"))) {
      assertThat(fetch(proxy, "user:secret")).isEqualTo(image.manifest());

      assertThat(proxy.asked()).allMatch(line -> line.startsWith("CONNECT reg.test:443 "));
      assertThat(registry.headersSeen())
          .noneMatch(name -> name.equalsIgnoreCase("Proxy-Authorization"));
      assertThatThrownBy(() -> fetch(proxy, "user:wrong")).isInstanceOf(IOException.class);
    }
  }
}
