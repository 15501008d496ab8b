// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;

/// Reads the resize stream: JSON objects `{"Width":80,"Height":24}` one after the other.
final class Resizes {
  private static final int LONGEST_TOKEN = 100;
  private static final int DEEPEST = 4;
  private static final ObjectReader JSON = reader();

  private record Wire(@JsonProperty("Width") int width, @JsonProperty("Height") int height) {}

  /// Takes a size.
  @FunctionalInterface
  interface Sink {
    void accept(TerminalSize size) throws IOException;
  }

  private Resizes() {}

  /// Passes each size on, until the end or the first thing that is none.
  static void read(InputStream from, Sink sizes) throws IOException {
    try (var values = JSON.<Wire>readValues(from)) {
      while (values.hasNextValue()) {
        var next = values.nextValue();
        sizes.accept(new TerminalSize(next.width, next.height));
      }
    } catch (IllegalArgumentException e) {
      throw new IOException(e);
    }
  }

  private static ObjectReader reader() {
    var limits =
        StreamReadConstraints.builder()
            .maxStringLength(LONGEST_TOKEN)
            .maxNameLength(LONGEST_TOKEN)
            .maxNumberLength(LONGEST_TOKEN)
            .maxNestingDepth(DEEPEST)
            .build();
    return JsonMapper.builder(JsonFactory.builder().streamReadConstraints(limits).build())
        .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_PROPERTIES)
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .build()
        .readerFor(Wire.class);
  }
}
