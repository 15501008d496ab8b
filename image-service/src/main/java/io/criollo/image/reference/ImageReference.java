// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.reference;

import java.util.Optional;

/// A full image name, `domain/path[:tag][@digest]`, by the grammar of the distribution project:
/// what a registry is asked for. `docker.io` and `library/` are filled in; a name without tag and
/// digest gets `:latest`.
public record ImageReference(
    String domain, String path, Optional<String> tag, Optional<Digest> digest) {
  static final String DOCKER = "docker.io";

  /// {@return the reference a text means; a short name belongs to docker.io}
  public static ImageReference parse(String text) throws ImageException {
    return ReferenceParser.parse(text).in(DOCKER);
  }

  /// {@return the repository, `domain/path`}
  public String name() {
    return domain + "/" + path;
  }

  /// {@return the repository with the tag, when this reference is by tag alone}
  public Optional<String> repoTag() {
    return digest.isPresent() ? Optional.empty() : tag.map(t -> name() + ":" + t);
  }

  /// {@return the repository with a digest}
  public String repoDigest(Digest of) {
    return name() + "@" + of;
  }

  /// {@return what a registry is asked for: the digest, or else the tag}
  public String wanted() {
    return digest.map(Digest::toString).orElseGet(() -> tag.orElse("latest"));
  }

  @Override
  public String toString() {
    return name() + tag.map(t -> ":" + t).orElse("") + digest.map(d -> "@" + d).orElse("");
  }
}
