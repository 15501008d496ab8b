// SPDX-License-Identifier: Apache-2.0
package io.criollo.image.policy;

import io.criollo.image.policy.Requirement.AcceptAnything;
import io.criollo.image.reference.ImageReference;
import java.util.List;
import java.util.Map;

/// What is asked of images before they are used (containers-policy.json(5)), as far as it is about
/// registries. Immutable.
///
/// @param fallback for names that no scope covers
/// @param scopes conditions by name, repository, namespace, host, `*.domain`, or the empty text
public record Policy(List<Requirement> fallback, Map<String, List<Requirement>> scopes) {
  static final Policy NONE = new Policy(List.of(new AcceptAnything()), Map.of());

  public Policy {
    fallback = List.copyOf(fallback);
    scopes = Map.copyOf(scopes);
  }

  /// {@return all conditions for an image}: those of the scope that fits its name best
  public List<Requirement> of(ImageReference image) {
    for (var scope : image.scopes()) {
      var found = scopes.get(scope);
      if (found != null) {
        return found;
      }
    }
    return scopes.getOrDefault("", fallback);
  }
}
