// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentProxiesTest {
  private static Proxy of(Map<String, String> environment, String uri) {
    return new EnvironmentProxies(environment).select(URI.create(uri)).getFirst();
  }

  private static Proxy at(String host, int port) {
    return new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(host, port));
  }

  @Test
  void eachSchemeHasItsProxy() {
    var both = Map.of("HTTPS_PROXY", "http://tls.test:3128/", "http_proxy", "plain.test");
    assertThat(of(both, "https://reg.test/v2/")).isEqualTo(at("tls.test", 3128));
    assertThat(of(both, "http://reg.test/v2/")).isEqualTo(at("plain.test", 80));
    assertThat(of(Map.of(), "https://reg.test/")).isEqualTo(Proxy.NO_PROXY);
    assertThat(of(Map.of("HTTP_PROXY", "p:1"), "https://reg.test/")).isEqualTo(Proxy.NO_PROXY);
  }

  @Test
  void exceptionsAndLoopbackAreReachedDirectly() {
    var rules = "exact.test, .below.test,*.star.test,port.test:5000,10.0.0.0/8,fd00::/8,192.0.2.7";
    var environment = Map.of("HTTPS_PROXY", "http://p.test:1", "NO_PROXY", rules);
    for (var direct :
        List.of(
            "localhost",
            "127.3.2.1:5000",
            "[::1]:5000",
            "exact.test",
            "a.exact.test",
            "EXACT.test",
            "a.below.test",
            "a.star.test",
            "port.test:5000",
            "10.200.3.4:5000",
            "[fd00:1::2]",
            "192.0.2.7")) {
      assertThat(of(environment, "https://" + direct + "/v2/"))
          .as(direct)
          .isEqualTo(Proxy.NO_PROXY);
    }
    for (var proxied :
        List.of(
            "other.test",
            "notexact.test",
            "below.test",
            "port.test",
            "11.0.0.1",
            "[fe00::1]",
            "192.0.2.70",
            "exact.test.evil.example")) {
      assertThat(of(environment, "https://" + proxied + "/v2/"))
          .as(proxied)
          .isEqualTo(at("p.test", 1));
    }
    var all = Map.of("HTTPS_PROXY", "p:1", "no_proxy", "*");
    assertThat(of(all, "https://reg.test/")).isEqualTo(Proxy.NO_PROXY);
  }

  @Test
  void proxiesOfOtherKindsAreRefused() {
    for (var wrong : List.of("socks5://p:1", "https://p:1", "http://user:secret@p:1")) {
      assertThatThrownBy(() -> new EnvironmentProxies(Map.of("HTTPS_PROXY", wrong)))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageNotContaining("secret");
    }
  }
}
