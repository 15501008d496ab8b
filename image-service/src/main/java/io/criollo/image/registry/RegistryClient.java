// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

import io.criollo.image.reference.Digest;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One repository at one place, spoken to by the OCI distribution protocol. Safe for the threads of
/// one pull.
public final class RegistryClient {
  private static final int UNAUTHORIZED = 401;
  private static final int PARTIAL = 206;
  private static final int MOST_REFUSALS = 3;

  private final Transport transport;
  private final Route route;
  private final Source source;
  private final Authorizer authorizer;
  private volatile boolean ranges = true;

  RegistryClient(Transport transport, Route route, Authorizer authorizer) {
    this.transport = transport;
    this.route = route;
    this.source = route.source();
    this.authorizer = authorizer;
  }

  /// A manifest as it came, with the digest of its bytes.
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  public record Fetched(byte[] content, String contentType, Digest digest) {}

  /// The bytes of a blob from `start` on; the caller closes them and checks their digest.
  public record Part(InputStream body, long start) {}

  Patience patience(int mostFailures) {
    return new Patience(transport.timeouts().retry(), mostFailures);
  }

  public Source source() {
    return source;
  }

  /// {@return the manifest with a tag or digest}; its bytes fit the digest. A busy registry is
  /// asked again.
  public Fetched manifest(String wanted, List<String> accept, int longest)
      throws ImageException, IOException, InterruptedException {
    var patience = patience(MOST_REFUSALS);
    while (true) {
      try {
        return manifestNow(wanted, accept, longest);
      } catch (ImageException e) {
        if (e.kind() != Kind.UNAVAILABLE || !patience.await(e.retryAfter())) {
          throw e;
        }
      }
    }
  }

  private Fetched manifestNow(String wanted, List<String> accept, int longest)
      throws ImageException, IOException, InterruptedException {
    var what = "manifest " + source.reference().name() + " " + wanted;
    var headers = Map.of("Accept", String.join(", ", accept));
    var answer = get("/manifests/" + wanted, headers);
    if (answer.statusCode() != 200) {
      throw Answers.error(answer, what);
    }
    refuseEncoding(answer, what);
    var content = Answers.read(answer, longest, what);
    var expected = wanted.indexOf(':') > 0 ? wanted : header(answer, "Docker-Content-Digest");
    var digest = expected.isEmpty() ? Digest.ofSha256(content) : Digest.parse(expected);
    if (!digest.matches(content)) {
      throw new ImageException(
          Kind.WRONG_BYTES, what + ": its content does not have digest " + digest);
    }
    return new Fetched(content, header(answer, "Content-Type"), digest);
  }

  /// {@return the bytes of a blob from an offset on}, or from the start when the registry knows no
  /// ranges or sends others than it was asked for
  public Part blob(Digest digest, long from)
      throws ImageException, IOException, InterruptedException {
    var ranged = from > 0 && ranges;
    var answer = blob(digest, ranged ? Map.of("Range", "bytes=" + from + "-") : Map.of());
    if (ranged && answer.statusCode() == PARTIAL && !startsAt(from, answer)) {
      ranges = false;
      answer.body().close();
      answer = blob(digest, Map.of());
      ranged = false;
    }
    var what = "blob " + source.reference().name() + "@" + digest;
    var partial = ranged && answer.statusCode() == PARTIAL;
    if (answer.statusCode() != 200 && !partial) {
      throw Answers.error(answer, what);
    }
    refuseEncoding(answer, what);
    return new Part(answer.body(), partial ? from : 0);
  }

  private HttpResponse<InputStream> blob(Digest digest, Map<String, String> headers)
      throws ImageException, IOException, InterruptedException {
    return get("/blobs/" + digest, headers);
  }

  private static boolean startsAt(long from, HttpResponse<?> answer) {
    return header(answer, "Content-Range").startsWith("bytes " + from + "-");
  }

  private HttpResponse<InputStream> get(String path, Map<String, String> headers)
      throws ImageException, IOException, InterruptedException {
    var full = source.manner().path(source.reference().path(), path);
    var answer = transport.get(route, full, headers, authorizer.header());
    var own = Transport.host(answer.uri()).equals(source.host());
    if (answer.statusCode() != UNAUTHORIZED || !own) {
      return answer;
    }
    var authorization = authorizer.answer(answer);
    answer.body().close();
    return transport.get(route, full, headers, Optional.of(authorization));
  }

  /// {@return a document that stands beside the registry, asked for without credentials}
  public Optional<byte[]> document(URI at, int longest)
      throws ImageException, IOException, InterruptedException {
    var answer = transport.get(route, at);
    if (answer.statusCode() == 404) {
      answer.body().close();
      return Optional.empty();
    }
    if (answer.statusCode() != 200) {
      throw Answers.error(answer, "document " + at.getPath());
    }
    return Optional.of(Answers.read(answer, longest, "document " + at.getPath()));
  }

  private static void refuseEncoding(HttpResponse<InputStream> answer, String what)
      throws ImageException, IOException {
    var encoding = header(answer, "Content-Encoding");
    if (!encoding.isEmpty() && !encoding.equals("identity")) {
      answer.body().close();
      throw new ImageException(
          Kind.UNSUPPORTED, what + ": the registry sent it encoded as " + encoding);
    }
  }

  private static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }
}
