// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The store's own JSON files. Each has a format version; a torn or foreign one reads as absent.
final class StoreFiles {
  static final int VERSION = 1;
  private static final long LONGEST = 4 << 20;
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_EMPTY, JsonInclude.Include.ALWAYS))
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  private StoreFiles() {}

  static byte[] bytes(Object content) {
    try {
      return MAPPER.writeValueAsBytes(content);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("own records can be written", e);
    }
  }

  static <T> Optional<T> read(Path file, Class<T> type) throws IOException {
    if (!Files.isRegularFile(file) || Files.size(file) > LONGEST) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(MAPPER.readValue(Files.readAllBytes(file), type));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  static List<Path> list(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}
