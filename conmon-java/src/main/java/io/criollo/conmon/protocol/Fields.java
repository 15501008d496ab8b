// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The fields of one JSON object, read by streaming. Unknown fields are kept and ignored, so that a
/// newer side may say more; a missing or mistyped one is a [ProtocolException].
public final class Fields {
  static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(8).build())
          .build();
  private final Map<String, Object> values;

  private Fields(Map<String, Object> values) {
    this.values = values;
  }

  public static Fields parse(byte[] json) throws ProtocolException {
    try (JsonParser parser = JSON.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new ProtocolException("not a JSON object");
      }
      Fields fields = object(parser);
      if (parser.nextToken() != null) {
        throw new ProtocolException("something follows the JSON object");
      }
      return fields;
    } catch (ProtocolException e) {
      throw e;
    } catch (IOException e) {
      throw new ProtocolException("bad JSON", e);
    }
  }

  private static Fields object(JsonParser parser) throws IOException {
    var values = new HashMap<String, Object>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      value(parser).ifPresent(value -> values.put(name, value));
    }
    return new Fields(values);
  }

  private static Optional<Object> value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> Optional.of(object(parser));
      case START_ARRAY -> Optional.of(array(parser));
      case VALUE_STRING -> Optional.of(parser.getText());
      case VALUE_NUMBER_INT -> Optional.of(parser.getLongValue());
      case VALUE_NUMBER_FLOAT -> Optional.of(parser.getDoubleValue());
      case VALUE_TRUE -> Optional.of(true);
      case VALUE_FALSE -> Optional.of(false);
      case VALUE_NULL -> Optional.empty();
      case null, default -> throw new ProtocolException("cut JSON");
    };
  }

  private static List<Object> array(JsonParser parser) throws IOException {
    var list = new ArrayList<Object>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      value(parser).ifPresent(list::add);
    }
    return list;
  }

  public String string(String name) throws ProtocolException {
    return require(name, String.class);
  }

  public long number(String name) throws ProtocolException {
    return require(name, Long.class);
  }

  public int integer(String name) throws ProtocolException {
    long value = number(name);
    if (value != (int) value) {
      throw new ProtocolException(name + " is out of range: " + value);
    }
    return (int) value;
  }

  public boolean flag(String name) throws ProtocolException {
    return require(name, Boolean.class);
  }

  public Fields fields(String name) throws ProtocolException {
    return require(name, Fields.class);
  }

  public boolean has(String name) {
    return values.containsKey(name);
  }

  public List<Fields> list(String name) throws ProtocolException {
    var found = new ArrayList<Fields>();
    for (Object element : require(name, List.class)) {
      if (!(element instanceof Fields fields)) {
        throw new ProtocolException(name + " holds something else than objects");
      }
      found.add(fields);
    }
    return found;
  }

  public List<String> texts(String name) throws ProtocolException {
    var found = new ArrayList<String>();
    for (Object element : require(name, List.class)) {
      if (!(element instanceof String text)) {
        throw new ProtocolException(name + " holds something else than texts");
      }
      found.add(text);
    }
    return found;
  }

  private <T> T require(String name, Class<T> type) throws ProtocolException {
    Object value = values.get(name);
    if (!type.isInstance(value)) {
      throw new ProtocolException((value == null ? "missing " : "mistyped ") + name);
    }
    return type.cast(value);
  }
}
