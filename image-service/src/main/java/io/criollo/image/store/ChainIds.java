// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.store;

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

  private static Digest joined(Digest parent, Digest diffId) {
    return Digest.ofSha256((parent + " " + diffId).getBytes(StandardCharsets.US_ASCII));
  }
}
