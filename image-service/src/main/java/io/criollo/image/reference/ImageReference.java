// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.reference;

import java.util.ArrayList;
import java.util.List;
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

  /// {@return the name without its tag where it has a digest}, which alone decides then
  public ImageReference byDigestOrTag() {
    return digest.isPresent() ? new ImageReference(domain, path, Optional.empty(), digest) : this;
  }

  /// {@return the names by which configuration may speak of this image, the best first}: itself,
  /// its repository, what that lies in, its host, and `*.domain` for the domains that this is in
  /// (containers-policy.json(5))
  public List<String> scopes() {
    var scopes = new ArrayList<>(List.of(byDigestOrTag().toString()));
    for (var name = name();
        name.indexOf('/') > 0;
        name = name.substring(0, name.lastIndexOf('/'))) {
      scopes.add(name);
    }
    scopes.add(domain);
    var host = domain.replaceFirst(":.*", "");
    for (int dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
      scopes.add("*" + host.substring(dot));
    }
    return List.copyOf(scopes);
  }

  @Override
  public String toString() {
    return name() + tag.map(t -> ":" + t).orElse("") + digest.map(d -> "@" + d).orElse("");
  }
}
