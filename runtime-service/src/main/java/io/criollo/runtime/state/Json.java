// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.state;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.criollo.cri.v1.ContainerConfig;
import io.criollo.cri.v1.ContainerUser;
import io.criollo.cri.v1.PodSandboxConfig;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;

/// How state is written: times as ISO texts, CRI messages in their binary form, in base64.
final class Json {
  private Json() {}

  static ObjectMapper mapper() {
    var module = new SimpleModule();
    module.addSerializer(Instant.class, text());
    module.addDeserializer(Instant.class, instant());
    message(module, PodSandboxConfig.class, PodSandboxConfig.parser());
    message(module, ContainerConfig.class, ContainerConfig.parser());
    message(module, ContainerUser.class, ContainerUser.parser());
    return new ObjectMapper()
        .registerModule(module)
        .enable(SerializationFeature.INDENT_OUTPUT)
        .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);
  }

  private static JsonSerializer<Instant> text() {
    return new JsonSerializer<>() {
      @Override
      public void serialize(Instant value, JsonGenerator out, SerializerProvider provider)
          throws IOException {
        out.writeString(value.toString());
      }
    };
  }

  private static JsonDeserializer<Instant> instant() {
    return new JsonDeserializer<>() {
      @Override
      public Instant deserialize(JsonParser in, DeserializationContext context) throws IOException {
        try {
          return Instant.parse(in.getText());
        } catch (DateTimeException e) {
          throw new IOException("not a time: " + in.getText(), e);
        }
      }
    };
  }

  private static <M extends Message> void message(
      SimpleModule module, Class<M> type, Parser<M> parser) {
    module.addSerializer(
        type,
        new JsonSerializer<M>() {
          @Override
          public void serialize(M value, JsonGenerator out, SerializerProvider provider)
              throws IOException {
            out.writeBinary(value.toByteArray());
          }
        });
    module.addDeserializer(
        type,
        new JsonDeserializer<M>() {
          @Override
          public M deserialize(JsonParser in, DeserializationContext context) throws IOException {
            return parser.parseFrom(in.getBinaryValue());
          }
        });
  }
}
