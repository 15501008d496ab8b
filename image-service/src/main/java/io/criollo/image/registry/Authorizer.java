// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Answers the challenges of one registry for one repository: basic, or a bearer token of its token
/// service (distribution spec, "Token Authentication"). Safe for the threads of one pull.
final class Authorizer {
  private static final int LONGEST_TOKEN = 1 << 20;
  private static final long USUAL_LIFE = 60;
  private static final long MARGIN = 5;
  private static final long FOR_EVER = Duration.ofDays(36_500).toSeconds();

  private record Grant(String header, long until) {
    boolean valid() {
      return until - System.nanoTime() > 0;
    }
  }

  private final Transport transport;
  private final Route route;
  private final Source source;
  private final Optional<Secret> secret;
  private volatile @Nullable Grant grant;

  Authorizer(Transport transport, Route route, Optional<Secret> secret) {
    this.transport = transport;
    this.route = route;
    this.source = route.source();
    this.secret = secret;
    if (secret.orElse(null) instanceof Secret.Bearer(var token)) {
      grant = grant("Bearer " + token, FOR_EVER);
    }
  }

  /// {@return the `Authorization` to send, as far as one is known}
  Optional<String> header() {
    var now = grant;
    return now != null && now.valid() ? Optional.of(now.header()) : Optional.empty();
  }

  /// {@return the `Authorization` that answers a 401}
  String answer(HttpResponse<InputStream> refused)
      throws ImageException, IOException, InterruptedException {
    var challenges =
        refused.headers().allValues("WWW-Authenticate").stream()
            .flatMap(header -> Challenge.parse(header).stream())
            .toList();
    var secretToken = secret.filter(Secret.Bearer.class::isInstance).isPresent();
    var bearer = find(challenges, "bearer");
    var basic = find(challenges, "basic");
    if (bearer.isPresent() && !secretToken) {
      grant = token(bearer.get(), refused.uri());
    } else if (basic.isPresent() && secret.orElse(null) instanceof Secret.Password password) {
      grant = grant(password.basic(), FOR_EVER);
    } else {
      throw Answers.error(refused, "authorize at " + source);
    }
    return grant.header();
  }

  private static Optional<Challenge> find(List<Challenge> challenges, String scheme) {
    return challenges.stream().filter(c -> c.scheme().equals(scheme)).findFirst();
  }

  private static Grant grant(String header, long seconds) {
    return new Grant(header, System.nanoTime() + Duration.ofSeconds(seconds).toNanos());
  }

  private Grant token(Challenge challenge, URI registry)
      throws ImageException, IOException, InterruptedException {
    var what = "get a token for " + source.reference().name();
    var realm = realm(challenge, registry);
    var answer = transport.send(request(challenge, realm), route);
    if (answer.statusCode() != 200) {
      throw Answers.error(answer, what);
    }
    var json = Answers.json(Answers.read(answer, LONGEST_TOKEN, "token"));
    var token = json.path("token").asText(json.path("access_token").asText(""));
    if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new ImageException(Kind.UNAUTHORIZED, what + ": " + realm.getHost() + " sent none");
    }
    var life = Math.clamp(json.path("expires_in").asLong(0), USUAL_LIFE, 86_400);
    return grant("Bearer " + token, life - MARGIN);
  }

  private HttpRequest.Builder request(Challenge challenge, URI realm) {
    var scope = challenge.parameter("scope");
    var wanted = scope.isEmpty() ? "repository:" + source.reference().path() + ":pull" : scope;
    var query = "service=" + encode(challenge.parameter("service")) + "&scope=" + encode(wanted);
    if (secret.orElse(null) instanceof Secret.Identity(var refresh)) {
      var form =
          "grant_type=refresh_token&client_id=criollo&"
              + query
              + "&refresh_token="
              + encode(refresh);
      return HttpRequest.newBuilder(realm)
          .header("Content-Type", "application/x-www-form-urlencoded")
          .POST(HttpRequest.BodyPublishers.ofString(form));
    }
    var joint = realm.getRawQuery() == null ? "?" : "&";
    var request = HttpRequest.newBuilder(URI.create(realm + joint + query));
    if (secret.orElse(null) instanceof Secret.Password password) {
      request.header("Authorization", password.basic());
    }
    return request;
  }

  /// A token service gets credentials, so it must be as well protected as the registry itself
  /// (CVE-2019-10214).
  private URI realm(Challenge challenge, URI registry) throws ImageException {
    URI realm;
    try {
      realm = URI.create(challenge.parameter("realm"));
    } catch (IllegalArgumentException e) {
      throw new ImageException(Kind.UNAUTHORIZED, source + " names an invalid token service", e);
    }
    var plain = "http".equals(realm.getScheme()) && "http".equals(registry.getScheme());
    if (realm.getHost() == null
        || realm.getRawFragment() != null
        || !("https".equals(realm.getScheme()) || plain)) {
      throw new ImageException(
          Kind.UNAUTHORIZED, source + " names a token service without TLS: " + realm);
    }
    return realm;
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
