// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.rehearsal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// Gives out one image on a loopback port (OCI Distribution Specification, "Pull").
final class Registry implements AutoCloseable {
  private static final String REPOSITORY = "/v2/rehearsal/";

  private final RehearsalImage image;
  private final HttpServer server;

  private Registry(RehearsalImage image, HttpServer server) {
    this.image = image;
    this.server = server;
  }

  static Registry open(RehearsalImage image) throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var registry = new Registry(image, HttpServer.create(address, 0));
    registry.server.createContext("/", registry::answer);
    registry.server.start();
    return registry;
  }

  /// {@return the image's name}
  String image() {
    return host() + "/rehearsal:1";
  }

  /// {@return a registries.conf that lets this registry do without TLS}
  String conf() {
    return "[[registry]]\nlocation = \"" + host() + "\"\ninsecure = true\n";
  }

  private String host() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var path = exchange.getRequestURI().getPath();
      var digest = path.substring(path.lastIndexOf('/') + 1);
      if (path.startsWith(REPOSITORY + "manifests/")) {
        exchange.getResponseHeaders().set("Content-Type", RehearsalImage.MANIFEST);
        send(exchange, 200, image.manifest().getBytes(UTF_8));
      } else if (image.blobs().containsKey(digest)) {
        send(exchange, 200, image.blobs().get(digest));
      } else {
        send(exchange, path.equals("/v2/") ? 200 : 404, new byte[0]);
      }
    }
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    boolean without = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, without ? -1 : body.length);
    if (!without) {
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
