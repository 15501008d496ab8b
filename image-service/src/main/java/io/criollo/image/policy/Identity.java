// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.policy;

import io.criollo.image.reference.ImageException;
import io.criollo.image.reference.ImageReference;
import io.criollo.image.reference.ParsedName;

/// Which name a signature must have been made for (`signedIdentity` of containers-policy.json(5)).
public sealed interface Identity {

  /// The very name that was asked for.
  record Exact() implements Identity {}

  /// The very name, or the same repository when a digest was asked for.
  record RepositoryDigestOrExact() implements Identity {}

  /// The same repository.
  record Repository() implements Identity {}

  /// One certain name.
  record ExactReference(String reference) implements Identity {}

  /// Any name of one certain repository.
  record ExactRepository(String repository) implements Identity {}

  /// As [RepositoryDigestOrExact], after names below one prefix have been moved below another.
  record Remapped(String prefix, String signedPrefix) implements Identity {}

  /// {@return whether a signature for a name will do for an image}
  ///
  /// @param wanted the image's name, by digest or else by tag
  default boolean accepts(ImageReference wanted, String signed) {
    try {
      var name = ParsedName.parse(signed);
      var full = name.in("docker.io");
      var exact = name.tag().isPresent() || name.digest().isPresent();
      return switch (this) {
        case Exact() -> exact && full.equals(wanted);
        case RepositoryDigestOrExact() -> exact && sameOrByDigest(wanted, full);
        case Repository() -> full.name().equals(wanted.name());
        case ExactReference(var reference) -> exact && full.equals(ImageReference.parse(reference));
        case ExactRepository(var repository) ->
            full.name().equals(ImageReference.parse(repository).name());
        case Remapped(var prefix, var to) ->
            exact && sameOrByDigest(moved(wanted, prefix, to), full);
      };
    } catch (ImageException e) {
      return false; // a name that is none
    }
  }

  /// That a digest is the signed one is looked at where the signature is.
  private static boolean sameOrByDigest(ImageReference wanted, ImageReference signed) {
    return wanted.digest().isPresent()
        ? signed.name().equals(wanted.name())
        : signed.equals(wanted);
  }

  private static ImageReference moved(ImageReference wanted, String prefix, String to)
      throws ImageException {
    var name = wanted.name();
    var below = name.equals(prefix) || name.startsWith(prefix + "/");
    return below ? ImageReference.parse(to + wanted.toString().substring(prefix.length())) : wanted;
  }
}
