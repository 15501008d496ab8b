// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

import io.criollo.image.reference.ImageException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Proxies as the environment has them, by the rules that Go programs follow: `HTTPS_PROXY` and
/// `HTTP_PROXY` (or in lower case), but not for loopback and for what `NO_PROXY` lists: names with
/// all below them, `.name` for only those below, addresses, networks, each perhaps with a port, or
/// `*`.
final class EnvironmentProxies extends ProxySelector {
  private final Optional<ProxyAddress> https;
  private final Optional<ProxyAddress> http;
  private final List<String> except;

  /// @throws ImageException MISCONFIGURED when a variable names no proxy that can be used
  EnvironmentProxies(Map<String, String> environment) throws ImageException {
    this.https = proxy(environment, "HTTPS_PROXY");
    this.http = proxy(environment, "HTTP_PROXY");
    this.except =
        Arrays.stream(variable(environment, "NO_PROXY").split(",", -1))
            .map(rule -> rule.strip().toLowerCase(Locale.ROOT))
            .filter(rule -> !rule.isEmpty())
            .toList();
  }

  private static String variable(Map<String, String> environment, String name) {
    var upper = environment.getOrDefault(name, "");
    return upper.isEmpty() ? environment.getOrDefault(name.toLowerCase(Locale.ROOT), "") : upper;
  }

  private static Optional<ProxyAddress> proxy(Map<String, String> environment, String name)
      throws ImageException {
    var text = variable(environment, name);
    return text.isEmpty() ? Optional.empty() : Optional.of(ProxyAddress.parse(name, text));
  }

  @Override
  public List<Proxy> select(URI uri) {
    return of(uri)
        .map(proxy -> List.of(new Proxy(Proxy.Type.HTTP, proxy.address())))
        .orElse(List.of(Proxy.NO_PROXY));
  }

  /// {@return what to tell the proxy on the way to a place, if that wants to know who asks}
  Optional<String> authorization(URI uri) {
    return of(uri).flatMap(ProxyAddress::secret).map(Secret.Password::basic);
  }

  private Optional<ProxyAddress> of(URI uri) {
    var proxy = "https".equals(uri.getScheme()) ? https : http;
    return isDirect(uri) ? Optional.empty() : proxy;
  }

  private boolean isDirect(URI uri) {
    var host = uri.getHost().toLowerCase(Locale.ROOT).replaceAll("^\\[|\\]$", "");
    var address = address(host);
    if (host.equals("localhost") || address.filter(InetAddress::isLoopbackAddress).isPresent()) {
      return true;
    }
    var port = uri.getPort() < 0 ? ("https".equals(uri.getScheme()) ? 443 : 80) : uri.getPort();
    return except.stream().anyMatch(rule -> excepts(rule, host, address, port));
  }

  private static boolean excepts(
      String rule, String host, Optional<InetAddress> address, int port) {
    if (rule.equals("*")) {
      return true;
    }
    var slash = rule.indexOf('/');
    if (slash > 0) {
      return address.isPresent() && contains(rule, slash, address.get());
    }
    var name = rule;
    var colon = rule.lastIndexOf(':');
    if (colon >= 0 && rule.indexOf(':') == colon) {
      if (!rule.substring(colon + 1).equals(String.valueOf(port))) {
        return false;
      }
      name = rule.substring(0, colon);
    }
    var below = name.startsWith("*.") ? name.substring(1) : name;
    return below.startsWith(".")
        ? host.endsWith(below)
        : host.equals(below) || host.endsWith("." + below);
  }

  private static boolean contains(String network, int slash, InetAddress address) {
    var base = address(network.substring(0, slash));
    if (base.isEmpty() || !network.substring(slash + 1).matches("[0-9]{1,3}")) {
      return false;
    }
    var bits = Integer.parseInt(network.substring(slash + 1));
    var a = base.get().getAddress();
    var b = address.getAddress();
    if (a.length != b.length || bits > a.length * 8) {
      return false;
    }
    for (int i = 0; i < bits; i++) {
      var mask = 0x80 >> (i % 8);
      if ((a[i / 8] & mask) != (b[i / 8] & mask)) {
        return false;
      }
    }
    return true;
  }

  /// {@return an address written as one}; names are not looked up
  private static Optional<InetAddress> address(String text) {
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public void connectFailed(URI uri, SocketAddress at, IOException failure) {}
}
