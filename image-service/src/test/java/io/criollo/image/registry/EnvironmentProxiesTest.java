// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criollo.image.FakeRegistry;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentProxiesTest {
  static final EnvironmentProxies NONE = proxies(Map.of());

  private static EnvironmentProxies proxies(Map<String, String> environment) {
    try {
      return new EnvironmentProxies(environment);
    } catch (ImageException e) {
      throw new AssertionError(e);
    }
  }

  private static Proxy of(Map<String, String> environment, String uri) {
    return proxies(environment).select(URI.create(uri)).getFirst();
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
  void aProxyMayWantToKnowWhoAsks() {
    var both =
        proxies(
            Map.of("HTTPS_PROXY", "us%40er:se+c%3Aret@p.test:1", "HTTP_PROXY", "http://p.test"));
    assertThat(both.authorization(URI.create("https://reg.test/")))
        .contains(FakeRegistry.basic("us@er", "se+c:ret"));
    assertThat(both.authorization(URI.create("http://reg.test/"))).isEmpty();
    assertThat(both.authorization(URI.create("https://localhost/"))).isEmpty();
  }

  @Test
  void proxiesThatCannotBeUsedAreTheOperatorsFault() {
    for (var wrong :
        List.of(
            "socks5://p:1",
            "https://p:1",
            "http://",
            "http://user:secret@",
            "http://user:sec ret@p:1",
            "http://user:secret@p:99999",
            "http://a_b:secret@c_d:1",
            "://",
            "http://us%0aer:secret@p:1")) {
      assertThatThrownBy(() -> new EnvironmentProxies(Map.of("HTTPS_PROXY", wrong)))
          .as(wrong)
          .isInstanceOfSatisfying(
              ImageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.MISCONFIGURED))
          .hasMessageContaining("HTTPS_PROXY")
          .hasMessageNotContaining("sec");
    }
  }
}
