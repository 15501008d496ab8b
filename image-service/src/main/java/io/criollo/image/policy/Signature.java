// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.criollo.image.json.Json;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// A signature as it came, checked by nobody yet.
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public sealed interface Signature {
  /// The longest signature that is taken, in bytes.
  int LONGEST = 4 << 20;

  /// An OpenPGP message that holds what is signed.
  record Simple(byte[] message) implements Signature {}

  /// A sigstore signature, as cosign attaches it to images.
  ///
  /// @param payload what is signed; the signature itself is an annotation
  record Sigstore(String mediaType, byte[] payload, Map<String, String> annotations)
      implements Signature {
    public Sigstore {
      annotations = Map.copyOf(annotations);
    }
  }

  /// {@return the signature in the form in which signature stores have it}: an OpenPGP message as
  /// it is, others after a NUL and the name of their format
  default byte[] bytes() {
    return switch (this) {
      case Simple(var message) -> message;
      case Sigstore(var type, var payload, var annotations) ->
          ("\0sigstore-json\n"
                  + json(
                      Map.of(
                          "mimeType", type,
                          "payload", Base64.getEncoder().encodeToString(payload),
                          "annotations", annotations)))
              .getBytes(StandardCharsets.UTF_8);
    };
  }

  private static String json(Map<String, Object> content) {
    try {
      return new JsonMapper().writeValueAsString(content);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("texts can be written", e);
    }
  }

  /// {@return the signature in such bytes}
  static Signature parse(byte[] bytes) throws ImageException {
    if (bytes.length == 0 || bytes[0] != 0) {
      // the first byte of an OpenPGP packet has its highest bit set (RFC 9580 section 4.2)
      if (bytes.length == 0 || bytes[0] > 0) {
        throw new ImageException(Kind.CORRUPT, "signature is of no known format");
      }
      return new Simple(bytes);
    }
    var newline = 1;
    while (newline < bytes.length && bytes[newline] != '\n') {
      newline++;
    }
    var format = new String(bytes, 1, newline - 1, StandardCharsets.ISO_8859_1);
    var content = Arrays.copyOfRange(bytes, Math.min(newline + 1, bytes.length), bytes.length);
    return switch (format) {
      case "simple-signing" -> new Simple(content);
      case "sigstore-json" -> sigstore(Json.read("signature", content));
      default -> throw new ImageException(Kind.CORRUPT, "signature is of no known format");
    };
  }

  private static Signature sigstore(Json json) throws ImageException {
    json.only(List.of("mimeType", "payload", "annotations"));
    try {
      var payload = Base64.getDecoder().decode(json.text("payload"));
      return new Sigstore(json.text("mimeType"), payload, json.textMap("annotations"));
    } catch (IllegalArgumentException e) {
      throw new ImageException(Kind.CORRUPT, "signature is not base64", e);
    }
  }
}
