// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.criollo.image.reference.Digest;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageException.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// An object of an untrusted JSON document. Fields of the wrong type, repeated keys and keys that
/// differ from a known one only by case (which other readers would take for it) are refused.
public record Json(String what, JsonNode node) {
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(64)
                          .maxStringLength(1 << 20)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  public static Json read(String what, byte[] content) throws ImageException {
    try {
      var node = MAPPER.readTree(content);
      if (!node.isObject()) {
        throw new ImageException(Kind.CORRUPT, what + " is not a JSON object");
      }
      return new Json(what, node);
    } catch (JsonProcessingException e) {
      throw new ImageException(Kind.CORRUPT, what + " is not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new ImageException(Kind.CORRUPT, what + " is not JSON", e);
    }
  }

  public boolean has(String field) {
    return node.has(field) && !node.get(field).isNull();
  }

  /// Refuses keys that another, case-insensitive reader would take for one of these.
  public void onlySpelled(List<String> fields) throws ImageException {
    for (var key : node.properties()) {
      for (var field : fields) {
        if (key.getKey().equalsIgnoreCase(field) && !key.getKey().equals(field)) {
          throw wrong(field, "is spelled \"" + key.getKey() + "\"");
        }
      }
    }
  }

  /// Refuses any other field.
  public void only(List<String> fields) throws ImageException {
    for (var key : node.properties()) {
      if (!fields.contains(key.getKey())) {
        throw wrong(key.getKey(), "is not known; known are " + String.join(", ", fields));
      }
    }
  }

  /// {@return a text that must be there}
  public String required(String field) throws ImageException {
    var text = text(field);
    if (text.isEmpty()) {
      throw wrong(field, "is missing or empty");
    }
    return text;
  }

  public String text(String field) throws ImageException {
    if (!has(field)) {
      return "";
    }
    if (!node.get(field).isTextual()) {
      throw wrong(field, "is not a text");
    }
    return node.get(field).textValue();
  }

  public long number(String field) throws ImageException {
    if (!has(field) || !node.get(field).isIntegralNumber() || !node.get(field).canConvertToLong()) {
      throw wrong(field, "is not a whole number");
    }
    return node.get(field).longValue();
  }

  public Digest digest(String field) throws ImageException {
    return digestOf(text(field));
  }

  public Json object(String field) throws ImageException {
    var child = has(field) ? node.get(field) : MAPPER.createObjectNode();
    if (!child.isObject()) {
      throw wrong(field, "is not an object");
    }
    return new Json(what + " " + field, child);
  }

  public List<Json> objects(String field, int most) throws ImageException {
    var found = new ArrayList<Json>();
    for (var child : array(field, most)) {
      if (!child.isObject()) {
        throw wrong(field, "holds something else than objects");
      }
      found.add(new Json(what + " " + field, child));
    }
    return found;
  }

  public List<String> texts(String field, int most) throws ImageException {
    var found = new ArrayList<String>();
    for (var child : array(field, most)) {
      if (!child.isTextual()) {
        throw wrong(field, "holds something else than texts");
      }
      found.add(child.textValue());
    }
    return found;
  }

  public List<Digest> digests(String field, int most) throws ImageException {
    var found = new ArrayList<Digest>();
    for (var text : texts(field, most)) {
      found.add(digestOf(text));
    }
    return found;
  }

  public List<String> keys(String field) throws ImageException {
    return object(field).keys();
  }

  public List<String> keys() {
    return node.properties().stream().map(Map.Entry::getKey).toList();
  }

  public Map<String, String> textMap(String field) throws ImageException {
    var found = new TreeMap<String, String>();
    var child = object(field);
    for (var entry : child.node.properties()) {
      found.put(entry.getKey(), child.text(entry.getKey()));
    }
    return found;
  }

  public ImageException wrong(String field, String why) {
    return new ImageException(Kind.CORRUPT, what + " is invalid: \"" + field + "\" " + why);
  }

  private Digest digestOf(String text) throws ImageException {
    try {
      return Digest.parse(text);
    } catch (ImageException e) {
      throw new ImageException(Kind.CORRUPT, what + " is invalid: " + e.getMessage(), e);
    }
  }

  private JsonNode array(String field, int most) throws ImageException {
    var child = has(field) ? node.get(field) : MAPPER.createArrayNode();
    if (!child.isArray()) {
      throw wrong(field, "is not a list");
    }
    if (child.size() > most) {
      throw new ImageException(
          Kind.TOO_LARGE, what + ": \"" + field + "\" has more than " + most + " items");
    }
    return child;
  }
}
