// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.store;

import io.criollo.image.manifest.ArtifactDocument;
import io.criollo.image.manifest.ConfigDocument;
import io.criollo.image.manifest.ImageContent;
import io.criollo.image.reference.Digest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Names of layers together with all below them (OCI image-spec, "Layer ChainID").
public final class ChainIds {
  private ChainIds() {}

  /// {@return one id per layer, lowest first}
  public static List<Digest> of(List<Digest> diffIds) {
    var chain = new ArrayList<Digest>();
    for (var diffId : diffIds) {
      chain.add(chain.isEmpty() ? diffId : joined(chain.getLast(), diffId));
    }
    return List.copyOf(chain);
  }

  /// {@return one id per layer in the store, lowest first}
  public static List<Digest> of(ImageContent content) {
    return switch (content) {
      case ConfigDocument image -> of(image.diffIds());
      case ArtifactDocument artifact -> artifact.files().stream().map(ChainIds::of).toList();
    };
  }

  /// {@return the name of the layer that has nothing but a file} It depends on no other layer. What
  /// is hashed is too short for an archive, so that no image has a layer of this name.
  public static Digest of(ArtifactDocument.File file) {
    var path = Digest.ofSha256(file.path().getBytes(StandardCharsets.UTF_8));
    return Digest.ofSha256(
        ("file " + path + " " + file.blob().digest()).getBytes(StandardCharsets.US_ASCII));
  }

  private static Digest joined(Digest parent, Digest diffId) {
    return Digest.ofSha256((parent + " " + diffId).getBytes(StandardCharsets.US_ASCII));
  }
}
