// SPDX-License-Identifier: Apache-2.0
package io.criollo.image;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.criollo.image.reference.Digest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;

/// A registry on loopback that does as a test scripts: authentication, redirects, and faults before
/// the usual answer.
public final class FakeRegistry implements AutoCloseable {
  /// Something to do in place of the usual answer.
  public interface Fault {
    /// {@return whether the exchange was answered}
    boolean answer(HttpExchange exchange) throws IOException;
  }

  /// One request as it came.
  public record Seen(String path, String authorization, String range) {}

  /// Credentials that it wants.
  public enum Auth {
    NONE,
    BASIC,
    BEARER
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Content(byte[] bytes, String type) {}

  private static final int PIECE = 8 << 10;

  private final HttpServer server;
  private final Map<String, Content> content = new ConcurrentHashMap<>();
  private final List<Fault> faults = new CopyOnWriteArrayList<>();
  private final List<Seen> seen = new CopyOnWriteArrayList<>();
  private final Set<String> headers = ConcurrentHashMap.newKeySet();
  private final AtomicLong sent = new AtomicLong();
  private volatile Runnable beforePiece = () -> {};
  private volatile Auth auth = Auth.NONE;
  private volatile String realm = "";
  private volatile boolean ranges = true;
  private volatile int tokenUses;
  private final AtomicInteger tokens = new AtomicInteger();
  private final AtomicInteger used = new AtomicInteger();

  public FakeRegistry() throws IOException {
    this(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
  }

  /// A registry that speaks TLS and perhaps wants to know who the client is.
  public FakeRegistry(SSLContext tls, boolean wantsClient) throws IOException {
    this(withTls(tls, wantsClient));
  }

  private static HttpServer withTls(SSLContext tls, boolean wantsClient) throws IOException {
    var server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(tls) {
          @Override
          public void configure(HttpsParameters parameters) {
            var wanted = tls.getDefaultSSLParameters();
            wanted.setNeedClientAuth(wantsClient);
            parameters.setSSLParameters(wanted);
          }
        });
    return server;
  }

  private FakeRegistry(HttpServer server) {
    this.server = server;
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
    realm = "http://" + host() + "/token";
  }

  public String host() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  public FakeRegistry auth(Auth wanted) {
    auth = wanted;
    return this;
  }

  public FakeRegistry realm(String url) {
    realm = url;
    return this;
  }

  /// Makes each token good for a few requests only.
  public FakeRegistry tokensFor(int requests) {
    tokenUses = requests;
    return this;
  }

  /// {@return how many tokens were given}
  public int tokens() {
    return tokens.get();
  }

  private String token() {
    return tokenUses == 0 ? "good" : "good" + tokens.get();
  }

  public FakeRegistry withoutRanges() {
    ranges = false;
    return this;
  }

  public FakeRegistry fault(Fault fault) {
    faults.add(fault);
    return this;
  }

  /// Cuts the connection of each blob when it has sent so many bytes in all, from the next request
  /// on.
  public FakeRegistry cutAfter(long bytes) {
    return cutAfter(bytes, () -> {});
  }

  /// Does something when so many bytes of blobs have been sent in all, and cuts connections then.
  public FakeRegistry cutAfter(long bytes, Runnable atCut) {
    var left = new AtomicLong(bytes);
    return fault(exchange -> {
      var found = content.get(exchange.getRequestURI().getPath());
      if (found == null || !exchange.getRequestURI().getPath().contains("/blobs/")) {
        return false;
      }
      var range = header(exchange, "Range");
      var from = range.isEmpty() ? 0 : Integer.parseInt(range.replaceAll("[^0-9]", ""));
      var size = found.bytes().length;
      if (from > 0) {
        var rest = "bytes " + from + "-" + (size - 1) + "/" + size;
        exchange.getResponseHeaders().add("Content-Range", rest);
      }
      exchange.sendResponseHeaders(from > 0 ? 206 : 200, size - from);
      for (int at = from; at < size; at += PIECE) {
        var piece = Math.min(PIECE, size - at);
        if (left.addAndGet(-piece) < 0) {
          atCut.run();
          stall(at > from);
          throw new IOException("cut");
        }
        beforePiece.run();
        exchange.getResponseBody().write(found.bytes(), at, piece);
        exchange.getResponseBody().flush();
        sent.addAndGet(piece);
      }
      return true;
    });
  }

  /// What was sent arrives only when the connection is not broken at once: let the client's stall
  /// timeout end it.
  private static void stall(boolean hasSent) {
    if (hasSent) {
      LockSupport.parkNanos(Duration.ofSeconds(3).toNanos());
    }
  }

  /// Does something before each piece of a blob that is to be cut.
  public FakeRegistry beforePiece(Runnable action) {
    beforePiece = action;
    return this;
  }

  /// {@return the length of what is at a path, 0 when there is nothing}
  public int size(String path) {
    var found = content.get(path);
    return found == null ? 0 : found.bytes().length;
  }

  /// {@return bytes of blobs that were sent}
  public long sent() {
    return sent.get();
  }

  public void noMoreFaults() {
    faults.clear();
  }

  public List<Seen> seen() {
    return List.copyOf(seen);
  }

  /// {@return the names of all headers that came with requests}
  public Set<String> headersSeen() {
    return Set.copyOf(headers);
  }

  public FakeRegistry image(String repository, String tag, TestImage image) {
    manifest(repository, tag, image.manifest(), TestImage.MANIFEST);
    image.blobs().forEach((digest, bytes) -> blob(repository, digest, bytes));
    return this;
  }

  public FakeRegistry manifest(String repository, String tag, byte[] bytes, String type) {
    var base = "/v2/" + repository + "/manifests/";
    content.put(base + tag, new Content(bytes, type));
    content.put(base + Digest.ofSha256(bytes), new Content(bytes, type));
    return this;
  }

  public FakeRegistry blob(String repository, Digest digest, byte[] bytes) {
    content.put(
        "/v2/" + repository + "/blobs/" + digest, new Content(bytes, "application/octet-stream"));
    return this;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var path = exchange.getRequestURI().getPath();
      headers.addAll(exchange.getRequestHeaders().keySet());
      seen.add(new Seen(path, header(exchange, "Authorization"), header(exchange, "Range")));
      if (path.equals("/token")) {
        token(exchange);
        return;
      }
      for (var fault : faults) {
        if (fault.answer(exchange)) {
          return;
        }
      }
      if (refused(exchange)) {
        return;
      }
      var found = content.get(path);
      if (found == null) {
        send(
            exchange, 404, "{\"errors\":[{\"code\":\"NOT_HERE\",\"message\":\"nothing\\nhere\"}]}");
        return;
      }
      serve(exchange, found);
    }
  }

  private static String header(HttpExchange exchange, String name) {
    var value = exchange.getRequestHeaders().getFirst(name);
    return value == null ? "" : value;
  }

  private boolean refused(HttpExchange exchange) throws IOException {
    var given = header(exchange, "Authorization");
    var wanted =
        switch (auth) {
          case NONE -> given;
          case BASIC -> basic("user", "secret");
          case BEARER -> "Bearer " + token();
        };
    if (given.equals(wanted) && (tokenUses == 0 || used.incrementAndGet() <= tokenUses)) {
      return false;
    }
    exchange
        .getResponseHeaders()
        .add(
            "WWW-Authenticate",
            auth == Auth.BASIC
                ? "Basic realm=\"x\""
                : "Bearer realm=\"" + realm + "\",service=\"s\"");
    send(exchange, 401, "{}");
    return true;
  }

  private void token(HttpExchange exchange) throws IOException {
    var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    var given = header(exchange, "Authorization");
    var good =
        given.equals(basic("user", "secret"))
            || (body.contains("refresh_token=idt") && body.contains("scope=repository"));
    tokens.incrementAndGet();
    used.set(0);
    var answer = "{\"access_token\":\"%s\",\"expires_in\":300}".formatted(token());
    send(exchange, good ? 200 : 401, answer);
  }

  public static String basic(String user, String password) {
    var both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(both);
  }

  private void serve(HttpExchange exchange, Content found) throws IOException {
    var bytes = found.bytes();
    var range = header(exchange, "Range");
    var from = 0;
    exchange.getResponseHeaders().add("Content-Type", found.type());
    if (ranges && range.startsWith("bytes=")) {
      from = Integer.parseInt(range.substring(6, range.length() - 1));
      if (from >= bytes.length) {
        send(exchange, 416, "{}");
        return;
      }
      exchange
          .getResponseHeaders()
          .add("Content-Range", "bytes " + from + "-" + (bytes.length - 1) + "/" + bytes.length);
    }
    exchange.sendResponseHeaders(
        from > 0 ? 206 : 200, bytes.length == from ? -1 : bytes.length - from);
    exchange.getResponseBody().write(bytes, from, bytes.length - from);
    sent.addAndGet(bytes.length - from);
  }

  public static void send(HttpExchange exchange, int status, String text) throws IOException {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
