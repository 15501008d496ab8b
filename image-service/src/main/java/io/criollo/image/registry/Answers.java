// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;

/// Reads answers of registries and token services with a cap on every length.
final class Answers {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final int LONGEST_ERROR = 64 << 10;
  private static final int LONGEST_SHOWN = 300;

  private Answers() {}

  /// {@return the whole body}
  static byte[] read(HttpResponse<InputStream> answer, int longest, String what)
      throws IOException, ImageException {
    try (var body = answer.body()) {
      var content = body.readNBytes(longest + 1);
      if (content.length > longest) {
        throw new ImageException(Kind.TOO_LARGE, what + " is longer than " + longest + " bytes");
      }
      return content;
    }
  }

  /// {@return the error that a refused request is}
  static ImageException error(HttpResponse<InputStream> answer, String what) throws IOException {
    var status = answer.statusCode();
    var text = what + ": " + answer.uri().getHost() + " answered " + status + said(answer);
    return switch (status) {
      case 401, 403 -> new ImageException(Kind.UNAUTHORIZED, text);
      case 404 -> new ImageException(Kind.NOT_FOUND, text);
      case 408, 425, 429 -> ImageException.busy(text, retryAfter(answer));
      default ->
          status >= 500
              ? ImageException.busy(text, retryAfter(answer))
              : new ImageException(Kind.UNSUPPORTED, text);
    };
  }

  /// Seconds or a date (RFC 9110 section 10.2.3); what cannot be read counts as not said.
  private static Duration retryAfter(HttpResponse<?> answer) {
    var value = answer.headers().firstValue("Retry-After").orElse("").strip();
    if (value.matches("[0-9]{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(value));
    }
    try {
      var at = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      var wait = Duration.between(Instant.now(), at);
      return wait.isNegative() ? Duration.ZERO : wait;
    } catch (DateTimeParseException e) {
      return Duration.ZERO;
    }
  }

  static JsonNode json(byte[] content) {
    try {
      return MAPPER.readTree(content);
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    } catch (IOException e) {
      throw new AssertionError("memory has no I/O errors", e);
    }
  }

  private static String said(HttpResponse<InputStream> answer) throws IOException {
    try (var body = answer.body()) {
      var first = json(body.readNBytes(LONGEST_ERROR)).path("errors").path(0);
      var code = first.path("code").asText("");
      var message = first.path("message").asText("");
      var both = code.isEmpty() || message.isEmpty() ? code + message : code + ": " + message;
      var clean = both.replaceAll("\\p{Cntrl}", " ");
      var shown = clean.length() > LONGEST_SHOWN ? clean.substring(0, LONGEST_SHOWN) : clean;
      return shown.isEmpty() ? "" : " (" + shown + ")";
    }
  }
}
