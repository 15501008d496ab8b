// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

import io.criollo.image.reference.Digest;
import io.criollo.image.reference.ImageException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;

/// Sends requests over HTTP, follows redirects by hand and remembers which insecure hosts speak
/// plain HTTP. Credentials are dropped when a redirect leaves the host, port or scheme; one from
/// https to http is refused. Safe for many threads; closed by the registry access that made it.
final class Transport implements AutoCloseable {
  private static final String TUNNEL_SCHEMES = "jdk.http.auth.tunneling.disabledSchemes";
  private static final String WINDOW = "jdk.httpclient.windowsize";

  /// Bytes of a blob that wait in memory when unpacking is slower than the network. The JDK's 16
  /// MiB for each of four layers would be a quarter of the heap, and more than their connection
  /// takes.
  private static final int WINDOW_BYTES = 4 << 20;

  private static final int PROXY_REFUSED = 407;
  private static final int MOST_REDIRECTS = 10;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  /// Places with the same certificates share connections.
  private record Kind(boolean insecure, Digest certificates) {}

  static {
    // the JDK by itself tells no password to a proxy on the way to a TLS server; read only once
    if (System.getProperty(TUNNEL_SCHEMES) == null) {
      System.setProperty(TUNNEL_SCHEMES, "");
    }
    if (System.getProperty(WINDOW) == null) {
      System.setProperty(WINDOW, Integer.toString(WINDOW_BYTES));
    }
  }

  private final Timeouts timeouts;
  private final EnvironmentProxies proxies;
  private final Map<Kind, Connections> known = new HashMap<>();
  private final Map<String, String> schemes = new ConcurrentHashMap<>();

  Transport(Timeouts timeouts, EnvironmentProxies proxies) {
    this.timeouts = timeouts;
    this.proxies = proxies;
  }

  Timeouts timeouts() {
    return timeouts;
  }

  /// {@return the way to a place}
  Route route(Source source, Certificates certificates) throws ImageException {
    var kind = new Kind(source.insecure(), certificates.fingerprint());
    synchronized (known) {
      var connections = known.get(kind);
      if (connections == null) {
        var tls = Tls.context(certificates, source.insecure());
        connections = new Connections(() -> client(tls));
        known.put(kind, connections);
      }
      return new Route(source, connections);
    }
  }

  private HttpClient client(SSLContext tls) {
    return HttpClient.newBuilder()
        .connectTimeout(timeouts.connect())
        .followRedirects(HttpClient.Redirect.NEVER)
        .proxy(proxies)
        .sslContext(tls)
        .build();
  }

  /// {@return the answer to a GET at `https://host/path`}, or at `http://host/path` for an insecure
  /// host that speaks no TLS. The caller closes the body.
  HttpResponse<InputStream> get(
      Route route, String path, Map<String, String> headers, Optional<String> authorization)
      throws IOException, InterruptedException {
    var source = route.source();
    var host = source.host();
    var scheme = source.insecure() ? scheme(host, route.connections()) : "https";
    var request = new Get(route, headers, authorization);
    var answer = follow(URI.create(scheme + "://" + host + path), request);
    if (source.insecure()) {
      schemes.put(host, scheme);
    }
    return answer;
  }

  /// {@return the answer to a GET without credentials}. The caller closes the body.
  HttpResponse<InputStream> get(Route route, URI at) throws IOException, InterruptedException {
    return follow(at, new Get(route, Map.of(), Optional.empty()));
  }

  /// {@return what an insecure host speaks}; found out without credentials, and kept once a request
  /// went through
  private String scheme(String host, Connections connections) throws InterruptedException {
    var found = schemes.get(host);
    if (found != null) {
      return found;
    }
    try {
      var probe = request(URI.create("https://" + host + "/v2/"));
      send(probe.timeout(timeouts.probe()), connections).body().close();
      return "https";
    } catch (IOException noTls) {
      return "http";
    }
  }

  /// {@return the answer to a request of its own, redirects not followed}
  HttpResponse<InputStream> send(HttpRequest.Builder request, Route route)
      throws IOException, InterruptedException {
    return send(request.timeout(timeouts.answer()), route.connections());
  }

  private HttpResponse<InputStream> send(HttpRequest.Builder request, Connections connections)
      throws IOException, InterruptedException {
    request.header("User-Agent", "criollo");
    proxies
        .authorization(request.build().uri())
        .ifPresent(value -> request.header("Proxy-Authorization", value));
    var answer = answer(request.build(), connections);
    if (answer.body() == null || answer.statusCode() == PROXY_REFUSED) {
      // the JDK gives a proxy's refusal to lead on to a TLS server without a body
      throw new IOException(
          "the proxy to %s answered %d".formatted(answer.uri().getHost(), answer.statusCode()));
    }
    return answer;
  }

  private HttpResponse<InputStream> answer(HttpRequest request, Connections connections)
      throws IOException, InterruptedException {
    var client = connections.now();
    try {
      return client.send(
          request, _ -> new StreamBody(timeouts.stall(), () -> connections.leave(client)));
    } catch (HttpTimeoutException silent) {
      connections.leave(client);
      throw silent;
    }
  }

  private record Get(Route route, Map<String, String> headers, Optional<String> authorization) {}

  private HttpResponse<InputStream> follow(URI start, Get get)
      throws IOException, InterruptedException {
    var at = start;
    var trusted = true;
    for (int hops = 0; hops <= MOST_REDIRECTS; hops++) {
      var request = request(at);
      get.headers().forEach(request::header);
      // once dropped, credentials stay dropped, whatever a later redirect leads back to
      trusted = trusted && origin(at).equals(origin(start));
      if (trusted) {
        get.route().source().manner().headers().forEach(request::header);
        get.authorization().ifPresent(value -> request.header("Authorization", value));
      }
      var answer = send(request, get.route());
      if (!REDIRECTS.contains(answer.statusCode())) {
        return answer;
      }
      answer.body().close();
      at = target(at, answer);
    }
    throw new IOException("more than " + MOST_REDIRECTS + " redirects from " + start.getHost());
  }

  private static HttpRequest.Builder request(URI at) {
    var plain = "http".equals(at.getScheme());
    return HttpRequest.newBuilder(at)
        .version(plain ? HttpClient.Version.HTTP_1_1 : HttpClient.Version.HTTP_2);
  }

  private static URI target(URI from, HttpResponse<?> answer) throws IOException {
    var location = answer.headers().firstValue("Location");
    if (location.isEmpty()) {
      throw new IOException("redirect of " + from.getHost() + " has no Location");
    }
    URI to;
    try {
      to = from.resolve(location.get());
    } catch (IllegalArgumentException e) {
      throw new IOException("redirect of " + from.getHost() + " has an invalid Location", e);
    }
    var scheme = Objects.requireNonNullElse(to.getScheme(), "");
    if (!scheme.equals("https") && !(scheme.equals("http") && "http".equals(from.getScheme()))) {
      throw new IOException(
          "redirect of " + from.getHost() + " to scheme \"" + scheme + "\" is refused");
    }
    if (to.getHost() == null) {
      throw new IOException("redirect of " + from.getHost() + " has no host");
    }
    return to;
  }

  /// {@return `host[:port]` as written}
  static String host(URI uri) {
    return uri.getRawAuthority();
  }

  private static String origin(URI uri) {
    var port = uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
    return uri.getScheme() + "://" + uri.getHost() + ":" + port;
  }

  @Override
  public void close() {
    synchronized (known) {
      known.values().forEach(Connections::close);
      known.clear();
    }
  }
}
