// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.spec;

import com.fasterxml.jackson.databind.JsonNode;
import io.criollo.runtime.spec.NodeFacts.Feature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;

/// Reads what an OCI runtime says of itself (OCI runtime specification, features.md).
public final class RuntimeFeatures {
  /// Those that need the runtime's help.
  static final Set<Feature> OF_RUNTIMES =
      Set.of(Feature.RECURSIVE_READ_ONLY, Feature.USER_NAMESPACES);

  private static final String GVISOR = "dev.gvisor.";

  private RuntimeFeatures() {}

  /// {@return the features that the runtime does its part for}
  public static Set<Feature> parse(String json) throws IOException {
    var document = OciJson.read(json.getBytes(StandardCharsets.UTF_8), JsonNode.class);
    var features = EnumSet.noneOf(Feature.class);
    if (has(document.path("mountOptions"), "rro")) {
      features.add(Feature.RECURSIVE_READ_ONLY);
    }
    var linux = document.path("linux");
    boolean mapped = linux.path("mountExtensions").path("idmap").path("enabled").asBoolean(false);
    if (mapped && has(linux.path("namespaces"), "user")) {
      features.add(Feature.USER_NAMESPACES);
    }
    return features;
  }

  /// {@return whether this is gVisor, by its annotations} It runs all containers of a pod inside of
  /// the first one.
  public static boolean haveSandboxes(String json) throws IOException {
    var document = OciJson.read(json.getBytes(StandardCharsets.UTF_8), JsonNode.class);
    var names = document.path("annotations").fieldNames();
    while (names.hasNext()) {
      if (names.next().startsWith(GVISOR)) {
        return true;
      }
    }
    return false;
  }

  private static boolean has(JsonNode list, String word) {
    for (var entry : list) {
      if (entry.asText().equals(word)) {
        return true;
      }
    }
    return false;
  }
}
