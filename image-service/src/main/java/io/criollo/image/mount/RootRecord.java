// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.mount;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.criollo.image.reference.Digest;
import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a root file system is made of, as its file has it. Lost with a crash of the machine, as the
/// container is.
record RootRecord(ImageId imageId, List<Digest> layers) {
  private static final int VERSION = 1;
  private static final JsonMapper MAPPER = new JsonMapper();

  private record Written(int version, String image, List<String> layers) {}

  static byte[] bytes(ImageId image, List<Digest> chain) {
    try {
      var layers = chain.stream().map(Digest::toString).toList();
      return MAPPER.writeValueAsBytes(new Written(VERSION, image.digest(), layers));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("own records can be written", e);
    }
  }

  /// {@return the record, empty when the file is absent, torn or of another version}
  static Optional<RootRecord> read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      var written = MAPPER.readValue(Files.readAllBytes(file), Written.class);
      var layers = new ArrayList<Digest>();
      for (var layer : written.layers()) {
        layers.add(Digest.parse(layer));
      }
      var id = ImageId.parse(written.image());
      return written.version() == VERSION
          ? Optional.of(new RootRecord(id, List.copyOf(layers)))
          : Optional.empty();
    } catch (JsonProcessingException | ImageException | NullPointerException e) {
      return Optional.empty();
    }
  }
}
