// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import io.criollo.linux.CappedFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Reading and quoting TOML.
final class Toml {
  private static final int MAX_BYTES = 1 << 20;
  private static final TomlMapper MAPPER = new TomlMapper();

  private Toml() {}

  /// @throws IOException with a one-line reason, without the file's name
  static ObjectNode read(Path file) throws IOException {
    return parse(new String(CappedFile.read(file, MAX_BYTES), StandardCharsets.UTF_8));
  }

  static ObjectNode parse(String text) throws IOException {
    try {
      JsonNode tree = MAPPER.readTree(text);
      return tree instanceof ObjectNode object ? object : MAPPER.createObjectNode();
    } catch (JsonProcessingException e) {
      var location = e.getLocation();
      var line = location == null ? "" : "line " + location.getLineNr() + ": ";
      throw new IOException(line + e.getOriginalMessage().lines().findFirst().orElse("no TOML"), e);
    }
  }

  /// {@return the text as a TOML basic string}
  static String quoted(String text) {
    var quoted = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> quoted.append('\\').append(c);
        case '\n' -> quoted.append("\\n");
        case '\t' -> quoted.append("\\t");
        default -> {
          if (c < 0x20 || c == 0x7f) {
            quoted.append("\\u%04x".formatted((int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }
}
