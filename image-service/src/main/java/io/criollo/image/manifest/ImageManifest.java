// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.manifest;

import java.util.List;

/// One image: its configuration and its layers, lowest first.
public record ImageManifest(Descriptor config, List<Descriptor> layers)
    implements ManifestDocument {
  public ImageManifest {
    layers = List.copyOf(layers);
  }
}
