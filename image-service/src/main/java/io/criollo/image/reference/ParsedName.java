// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.reference;

import java.util.Optional;

/// An image name as it was written: a short name has no domain yet and may be looked for in several
/// registries.
public record ParsedName(
    Optional<String> domain, String path, Optional<String> tag, Optional<Digest> digest) {

  public boolean isShort() {
    return domain.isEmpty();
  }

  /// {@return the full reference, a short name taken as one of the given registry}
  public ImageReference in(String registry) {
    var home = domain.orElse(registry);
    var docker = home.equals(ImageReference.DOCKER);
    var full = docker && path.indexOf('/') < 0 ? "library/" + path : path;
    var filled = tag.isEmpty() && digest.isEmpty() ? Optional.of("latest") : tag;
    return new ImageReference(home, full, filled, digest);
  }

  /// {@return the parsed text}
  public static ParsedName parse(String text) throws ImageException {
    return ReferenceParser.parse(text);
  }
}
