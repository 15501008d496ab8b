// SPDX-License-Identifier: Apache-2.0
package io.criollo.cni;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// JSON as trees: a plugin's fields must reach it unaltered, also those unknown here.
final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonParser.Feature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  private Json() {}

  static ObjectNode newObject() {
    return MAPPER.createObjectNode();
  }

  static JsonNode valueOf(Object value) {
    return MAPPER.valueToTree(value);
  }

  /// @throws IOException with a one-line message that names line and column
  static ObjectNode parseObject(byte[] text) throws IOException {
    try {
      if (MAPPER.readTree(text) instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException e) {
      throw new IOException(oneLine(e), e);
    }
    throw new IOException("not a JSON object");
  }

  static byte[] bytes(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree that cannot be written", e);
    }
  }

  /// {@return the text at `field`, or an empty one when it is absent or no text}
  static String text(JsonNode node, String field) {
    return node.path(field).asText("");
  }

  static Optional<String> textOrNone(JsonNode node, String field) {
    return Optional.of(text(node, field)).filter(text -> !text.isEmpty());
  }

  static List<String> texts(JsonNode array) {
    var texts = new ArrayList<String>();
    array.forEach(element -> texts.add(element.asText("")));
    return texts;
  }

  private static String oneLine(JsonProcessingException e) {
    var location = e.getLocation();
    var where =
        location == null
            ? ""
            : "line " + location.getLineNr() + " column " + location.getColumnNr() + ": ";
    var message = e.getOriginalMessage().lines().findFirst().orElse("no JSON");
    return where + message.replaceFirst(" \\(start marker at .*", "");
  }
}
