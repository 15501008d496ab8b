// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.policy;

import io.criollo.image.json.Json;
import io.criollo.image.reference.Digest;
import io.criollo.image.reference.ImageException;
import java.util.List;

/// What a signature says: that a manifest goes by a name (containers-signature(5), which cosign
/// follows).
record Claim(Digest manifest, String reference) {

  /// {@return the claim in a signature's content}
  ///
  /// @param type the type that it must say it has
  static Claim read(byte[] content, String type) throws ImageException {
    var json = Json.read("signature", content);
    json.only(List.of("critical", "optional"));
    var critical = json.object("critical");
    critical.only(List.of("type", "image", "identity"));
    if (!critical.text("type").equals(type)) {
      throw critical.wrong("type", "is not \"" + type + '"');
    }
    var image = critical.object("image");
    image.only(List.of("docker-manifest-digest"));
    var identity = critical.object("identity");
    identity.only(List.of("docker-reference"));
    return new Claim(image.digest("docker-manifest-digest"), identity.required("docker-reference"));
  }
}
