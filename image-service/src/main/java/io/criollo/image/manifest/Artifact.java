// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.manifest;

import java.util.List;
import java.util.Map;

/// A manifest whose content is none of a container image's: files, signatures, whatever its type
/// says.
public record Artifact(String type, Descriptor config, List<Part> parts)
    implements ManifestDocument {
  public Artifact {
    parts = List.copyOf(parts);
  }

  /// One blob of an artifact.
  public record Part(Descriptor blob, Map<String, String> annotations) {
    public Part {
      annotations = Map.copyOf(annotations);
    }
  }
}
