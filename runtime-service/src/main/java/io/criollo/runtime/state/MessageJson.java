// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.List;

/// Messages of the CRI as JSON for people: fields that are set, under their names in the .proto
/// file. Secrets are left out.
public final class MessageJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int KEY = 1; // of the entries of a map
  private static final int VALUE = 2;

  private MessageJson() {}

  public static ObjectNode of(Message message) {
    var object = JSON.objectNode();
    message
        .getAllFields()
        .forEach((field, value) -> {
          if (!field.getOptions().getDebugRedact()) {
            object.set(field.getName(), node(field, value));
          }
        });
    return object;
  }

  private static JsonNode node(FieldDescriptor field, Object value) {
    if (!(value instanceof List<?> values)) {
      return single(value);
    }
    return field.isMapField() ? map(values) : list(values);
  }

  private static ArrayNode list(List<?> values) {
    var array = JSON.arrayNode();
    values.forEach(one -> array.add(single(one)));
    return array;
  }

  private static ObjectNode map(List<?> entries) {
    var object = JSON.objectNode();
    for (var entry : entries) {
      var message = (Message) entry;
      var type = message.getDescriptorForType();
      object.set(
          String.valueOf(message.getField(type.findFieldByNumber(KEY))),
          single(message.getField(type.findFieldByNumber(VALUE))));
    }
    return object;
  }

  private static JsonNode single(Object value) {
    return switch (value) {
      case Message message -> of(message);
      case EnumValueDescriptor word -> JSON.textNode(word.getName());
      case String text -> JSON.textNode(text);
      case Boolean yes -> JSON.booleanNode(yes);
      case Integer number -> JSON.numberNode(number);
      case Long number -> JSON.numberNode(number);
      case Double number -> JSON.numberNode(number);
      case Float number -> JSON.numberNode(number);
      case ByteString bytes -> JSON.binaryNode(bytes.toByteArray());
      default -> throw new IllegalArgumentException("a " + value.getClass() + " in a message");
    };
  }
}
