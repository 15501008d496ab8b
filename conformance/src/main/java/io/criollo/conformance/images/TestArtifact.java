// SPDX-License-Identifier: Apache-2.0
package io.criollo.conformance.images;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// An OCI artifact of texts.
///
/// @param files texts by title
record TestArtifact(String type, Map<String, String> files) {
  private static final Blob CONFIG =
      new Blob("application/vnd.oci.empty.v1+json", "{}".getBytes(UTF_8));

  TestArtifact {
    files = Map.copyOf(files);
  }

  private static Blob blob(String text) {
    return new Blob("text/plain", text.getBytes(UTF_8));
  }

  List<Blob> blobs() {
    var blobs = new ArrayList<>(List.of(CONFIG));
    files.values().forEach(text -> blobs.add(blob(text)));
    return blobs;
  }

  Blob manifest() {
    List<Map<String, Object>> layers = new ArrayList<>();
    for (var file : new TreeMap<>(files).entrySet()) {
      var layer = new TreeMap<>(blob(file.getValue()).descriptor());
      layer.put("annotations", Map.of("org.opencontainers.image.title", file.getKey()));
      layers.add(layer);
    }
    return TestImage.json(
        TestImage.MANIFEST,
        Map.of(
            "schemaVersion",
            2,
            "mediaType",
            TestImage.MANIFEST,
            "artifactType",
            type,
            "config",
            CONFIG.descriptor(),
            "layers",
            layers));
  }
}
