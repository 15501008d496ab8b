// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How the records of this package become JSON: what is empty is left out, and what was left out is
/// empty again when read.
final class OciJson {
  static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_EMPTY, JsonInclude.Include.ALWAYS))
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  static {
    MAPPER
        .getFactory()
        .setStreamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(32).build());
  }

  private OciJson() {}

  static byte[] write(Object document) {
    try {
      return MAPPER.writeValueAsBytes(document);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("write " + document.getClass().getSimpleName(), e);
    }
  }

  static <T> T read(byte[] json, Class<T> type) throws IOException {
    var document = MAPPER.readValue(json, type);
    if (document == null) {
      throw new IOException("null in place of a JSON object");
    }
    return document;
  }

  static <T> List<T> present(@Nullable List<T> list) {
    return list == null ? List.of() : List.copyOf(list);
  }

  static Map<String, String> present(@Nullable Map<String, String> map) {
    return map == null ? Map.of() : Map.copyOf(map);
  }
}
